/** A refusal with its SMTP code; the text starts with the enhanced status code. */
export interface SmtpRefusal {
  readonly code: number;
  readonly message: string;
}

const refusals: Readonly<Record<string, SmtpRefusal>> = {
  hard: { code: 550, message: '5.1.1 The email account that you tried to reach does not exist' },
  soft: { code: 451, message: '4.7.1 Greylisting in effect, please come back later' },
  full: { code: 552, message: '5.2.2 Mailbox full' },
};

/** What the name of a mailbox makes the server do; undefined is an ordinary mailbox. */
export type Script = SmtpRefusal | 'slow' | 'drop-after-data' | undefined;

/** Goes by the local part, a `+tag` not counted: `hard+17@any.example` is refused like `hard@any.example`. */
export function scriptFor(address: string): Script {
  const name = address.slice(0, address.lastIndexOf('@')).split('+', 1)[0]!.toLowerCase();
  if (name === 'slow' || name === 'drop-after-data') return name;
  return Object.hasOwn(refusals, name) ? refusals[name] : undefined;
}
