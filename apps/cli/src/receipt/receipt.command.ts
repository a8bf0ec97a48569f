import { readFileSync } from 'node:fs';
import { JSONWebKeySet } from 'jose';
import { HarkError } from '@hark/kernel';
import { readArguments } from '../arguments';
import { call } from '../demo/http';
import { readRunFile } from '../up/run-file';
import { readSettings } from '../up/settings';
import { verifyReceipt } from './verify-receipt';

const options = { jwks: { type: 'string' } } as const;

/**
 * `hark receipt verify FILE [--jwks URL|FILE]`: proves a receipt by the keys in a file or at an address, or by those of
 * the hub that runs on HARK_HOME. Prints what it says; throws when it does not hold.
 */
export async function receipt(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { values, positionals } = readArguments('receipt', args, { options, allowPositionals: true });
  const [verb, file, ...more] = positionals;
  if (verb !== 'verify' || file === undefined || more.length > 0) {
    throw new HarkError('invalid', 'command.invalid', 'hark receipt verify FILE [--jwks URL|FILE]');
  }
  const { kid, claims } = await verifyReceipt(readFileSync(file, 'utf8'), await keysAt(values.jwks, env));
  process.stdout.write(`valid, signed by key ${kid}  有效\n${JSON.stringify(claims, null, 2)}\n`);
}

async function keysAt(jwks: string | undefined, env: NodeJS.ProcessEnv): Promise<JSONWebKeySet> {
  if (jwks !== undefined && !/^https?:\/\//.test(jwks)) return JSON.parse(readFileSync(jwks, 'utf8')) as JSONWebKeySet;
  const url = new URL(
    jwks ?? '/.well-known/jwks.json',
    jwks === undefined ? readRunFile(readSettings(env)).url : undefined,
  );
  const { status, body } = await call(url.origin, 'GET', url.pathname + url.search);
  if (status !== 200) throw new HarkError('unavailable', 'receipt.no-keys', `${url.href} answered ${status}`);
  return body as unknown as JSONWebKeySet;
}
