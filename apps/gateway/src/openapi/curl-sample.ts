import { Access, Route } from '../routes/route';
import { exampleId, requestExamples } from './examples';

/** The variable of the shell in which each kind of caller has what it shows; examples are pasted beside one such line. */
const held: Readonly<Record<Exclude<Access, 'anyone'>, string>> = {
  user: '$SESSION',
  operator: '$SESSION',
  admin: '$SESSION',
  app: '$SECRET',
  credential: '$KEY',
  'owner-or-app': '$SESSION',
};

/** A word of the shell, whatever stands in it. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/**
 * The example as a key may send it: whom a key reaches is known, so `openid` is left out, and `escalate`, which is for secrets.
 * A batch goes to several people and is for secrets alone.
 */
function sent({ method, path, access }: Route): { readonly variable: string | undefined; readonly example: object } {
  const example = requestExamples[`${method} ${path}`] ?? {};
  if (access === 'anyone') return { variable: undefined, example };
  if (access !== 'credential') return { variable: held[access], example };
  if ('pushes' in example) return { variable: held.app, example };
  const { openid: _, escalate: _1, ...own } = example as Readonly<Record<string, unknown>>;
  return { variable: held.credential, example: own };
}

/** A call as a line of curl, with the example as its body, that works when it is pasted and its caller's variable is set. */
export function curlSample(row: Route, hubUrl: string): string {
  const { method, path, body, stream } = row;
  const { variable, example } = sent(row);
  return [
    `curl ${quoted(hubUrl + path.replace(/:\w+/g, exampleId(1)))}`,
    ...(method === 'GET' || (method === 'POST' && body !== undefined) ? [] : [`-X ${method}`]),
    ...(stream === undefined ? [] : ['-N']),
    ...(variable === undefined ? [] : [`-H "Authorization: Bearer ${variable}"`]),
    ...(body === undefined ? [] : [`-H 'Content-Type: application/json'`, `-d ${quoted(JSON.stringify(example))}`]),
  ].join(' \\\n  ');
}
