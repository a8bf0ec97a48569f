import * as fc from 'fast-check';
import { createInbox, headers as natsHeaders, NatsConnection } from 'nats';
import { Caller, CallerTokens, requestHeaders } from '@hark/nats';

/** A request that nobody can carry out. */
export interface Poison {
  readonly bytes: Uint8Array;
  /** Beside the caller's; some are garbled too. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A reply as it stands on the wire. */
export interface RawReply {
  readonly id?: string;
  readonly response?: unknown;
  readonly err?: { readonly kind: string; readonly code: string };
}

const replyTimeoutMs = 10_000;
const batchSize = 128;
const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const nested = (open: string, close: string) => (levels: number) =>
  `{"text":${open.repeat(levels)}${close.repeat(levels)}}`;

/** Bytes that are no request at all: no JSON, no UTF-8, nothing, or nested deeper than 32 levels. */
const unreadable: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc
    .constantFrom(
      '{nope',
      '',
      ' ',
      '\u0000',
      '{"text":',
      '{"text":"\\u',
      '[',
      '}',
      'nul',
      'NaN',
      '{"a":1}{"b":2}',
      "{'text':1}",
    )
    .map(bytesOf),
  fc.integer({ min: 33, max: 5_000 }).map(nested('[', ']')).map(bytesOf),
  fc.integer({ min: 34, max: 5_000 }).map(nested('{"a":', '')).map(bytesOf),
  fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Uint8Array.of(0xff, ...bytes)),
  fc.string({ maxLength: 100 }).map((junk) => bytesOf(`{"text":"x",${junk}`)),
);

/** JSON that fits no contract: each has a field that no contract has, or is no object. */
const unfit: fc.Arbitrary<Uint8Array> = fc
  .oneof(
    fc.constantFrom<unknown>(null, 0, -1, '', 'text', true, [], [[]], [{}]),
    fc
      .dictionary(fc.string({ maxLength: 20 }), fc.jsonValue({ maxDepth: 4 }), { maxKeys: 6 })
      .map((fields) => ({ ...fields, '☃': 1 })),
    fc.jsonValue({ maxDepth: 6 }).map((value) => ({ __proto__: null, constructor: value, '☃': value })),
  )
  .chain((data) => fc.constantFrom(data, { pattern: 'other.subject', id: 'x', data }))
  .map((document) => bytesOf(JSON.stringify(document)));

// The tilde keeps a garbled deadline from being one that has passed: that is answered `unavailable`, and rightly.
const oddHeaders = fc.dictionary(
  fc.constantFrom(...Object.values(requestHeaders), 'X-Odd'),
  fc.string({ maxLength: 60 }).map((value) => `~${value.replace(/[\r\n]/g, ' ')}`),
  { maxKeys: 3 },
);

/** What to send, and how much of it. */
export interface PoisonOptions {
  readonly caller: Caller;
  readonly callerKey: Buffer;
  readonly count: number;
  /** The same seed sends the same requests. */
  readonly seed: number;
  /** Also readable JSON that fits no contract; only for handlers that parse their requests by one. */
  readonly unfit: boolean;
}

/**
 * Sends malformed requests to one subject, most of them signed, at most 128 at a time, and returns how often each error
 * code came back. Throws when one is not answered within 10 s, is carried out, or is answered by anything but a fault of
 * the caller's (`hark.internal` is a defect).
 */
export async function poisonSubject(
  connection: NatsConnection,
  subject: string,
  { caller, callerKey, count, seed, unfit: withUnfit }: PoisonOptions,
): Promise<ReadonlyMap<string, number>> {
  const token = await new CallerTokens(callerKey).sign(caller, subject);
  const bytes = withUnfit ? fc.oneof(unreadable, unfit) : unreadable;
  const poison: fc.Arbitrary<Poison> = fc.record({ bytes, headers: fc.oneof(fc.constant({}), oddHeaders) });
  const poisons = fc.sample(poison, { seed, numRuns: count });
  const codes = new Map<string, number>();
  for (let from = 0; from < poisons.length; from += batchSize) {
    const batch = poisons.slice(from, from + batchSize);
    const send = (one: Poison) =>
      publishRaw(connection, subject, one.bytes, { [requestHeaders.caller]: token, ...one.headers });
    const replies = await Promise.all(batch.map(send));
    for (const [index, { err }] of replies.entries()) {
      if (!err || err.kind === 'unavailable')
        throw new Error(describe(subject, batch[index]!, err?.code ?? 'carried out'));
      codes.set(err.code, (codes.get(err.code) ?? 0) + 1);
    }
  }
  return codes;
}

/** Sends any bytes with any headers, as a client of another make might, and returns the reply. Throws after 10 s. */
export function publishRaw(
  connection: NatsConnection,
  subject: string,
  bytes: Uint8Array,
  sent: Readonly<Record<string, string>>,
): Promise<RawReply> {
  const headers = natsHeaders();
  for (const [name, value] of Object.entries(sent)) headers.set(name, value);
  return new Promise((resolve, reject) => {
    const inbox = createInbox();
    const subscription = connection.subscribe(inbox, {
      max: 1,
      callback: (_, message) => {
        clearTimeout(timer);
        resolve(JSON.parse(message.string() || '{}') as RawReply);
      },
    });
    const timer = setTimeout(() => {
      subscription.unsubscribe();
      reject(new Error(`no reply from ${subject}`));
    }, replyTimeoutMs);
    connection.publish(subject, bytes, { reply: inbox, headers });
  });
}

const shownCharsMax = 200;
const describe = (subject: string, { bytes, headers }: Poison, outcome: string): string =>
  `${subject} answered ${outcome} to ${Buffer.from(bytes).toString('latin1').slice(0, shownCharsMax)} ${JSON.stringify(headers)}`;
