import { createHmac } from 'node:crypto';

// RFC 8628 section 6.1: without vowels no words come about, and nothing looks like a digit. 20^8 codes.
const letters = 'BCDFGHJKLMNPQRSTVWXZ';
const length = 8;

/** The user code of a command, such as `WDJB-MJHT`. `turn` gives another one where that is taken. */
export function userCodeOf(commandId: string, turn: number, secretsKey: Uint8Array): string {
  const mac = createHmac('sha256', secretsKey).update(`user-code:${commandId}:${turn}`).digest();
  let left = mac.readBigUInt64BE();
  let code = '';
  for (let index = 0; index < length; index += 1) {
    code += letters[Number(left % BigInt(letters.length))];
    left /= BigInt(letters.length);
  }
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}

/** The code as it was meant, however it was typed; undefined when it is none. */
export function userCodeFrom(typed: string): string | undefined {
  const code = typed.toUpperCase().replaceAll(/[\s-]/g, '');
  const isOne = code.length === length && [...code].every((letter) => letters.includes(letter));
  return isOne ? `${code.slice(0, 4)}-${code.slice(4)}` : undefined;
}
