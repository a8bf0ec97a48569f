import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientErrorCodes } from '@hark/contracts';
import { ErrorKind } from '@hark/kernel';

const root = join(__dirname, '../..');
/** Where an error can come from that reaches a client. The command line, the sandbox and the embedded stores are not there. */
const sources = globSync(
  ['apps/{gateway,auth,intake,moderation,delivery,complaints}/src/**/*.ts', 'libs/*/src/**/*.ts'],
  {
    cwd: root,
  },
).filter((file) => !/(spec|\.fixture)\.ts$|^libs\/(embedded-\w+|testing)\//.test(file));

/** Codes for operators and for other code. A client that met one would be told `hark.internal`. */
const innerCodes = new Set([
  'receipt-key.too-many',
  'config.address',
  'config.invalid',
  'config.master-key-mismatch',
  'config.master-key-missing',
  'config.port-taken',
  'delivery.other-text',
  'event.invalid',
  'eventstore.missing',
  'eventstore.too-large',
  'readmodel.rebuilding',
  'reply.invalid',
  'vault.behind',
  'vault.mismatch',
  'vault.missing',
  'vault.unreadable',
]);

const isForClients = (code: string): boolean => (clientErrorCodes as readonly string[]).includes(code);

// `new HarkError('kind', 'code'` and the code that an id is refused with.
const kinds = (['invalid', 'refused', 'not-found', 'conflict', 'unavailable'] satisfies ErrorKind[]).join('|');
const thrown = new RegExp(String.raw`new HarkError\(\s*'(${kinds})',\s*'([\w-]+\.[\w.-]+)'`, 'g');
const notFoundCodes = /\bparse(?:Named|Id)\([^;]*?'([a-z-]+\.unknown)'/g;
const found = new Map<string, { kind: string; file: string }>();
for (const file of sources) {
  const text = readFileSync(join(root, file), 'utf8');
  for (const [, kind, code] of text.matchAll(thrown)) found.set(code!, { kind: kind!, file });
  for (const [, code] of text.matchAll(notFoundCodes)) found.set(code!, { kind: 'not-found', file });
}

describe('the codes of errors', () => {
  it('are found where they are thrown', () => {
    expect(found.size).toBeGreaterThan(40);
    for (const code of ['service.overloaded', 'binding.ended', 'push.unknown', 'key.invalid'])
      expect([...found.keys()]).toContain(code);
  });

  // An outage that is not documented is told as `service.unavailable`: what to do about it is the same.
  it('are each documented, unless they are outages or for the inside only', () => {
    const undocumented = [...found].filter(
      ([code, { kind }]) => kind !== 'unavailable' && !isForClients(code) && !innerCodes.has(code),
    );
    expect(undocumented).toEqual([]);
  });

  it('are for the inside only while something throws them, and not documented too', () => {
    expect([...innerCodes].filter((code) => !found.has(code) || isForClients(code))).toEqual([]);
  });

  it.each(clientErrorCodes)('%s is a word of the domain and what is the matter with it', (code) =>
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/),
  );
});
