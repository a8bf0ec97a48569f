import { execFileSync } from 'node:child_process';
import { allRoutes } from '../routes/all-routes';
import { curlSample } from './curl-sample';
import { exampleId, requestExamples } from './examples';

const hubUrl = 'https://hark.example';
/** In place of curl: says with which arguments it was called. */
const curl = `curl() { for word in "$@"; do printf '%s\\0' "$word"; done; printf '\\1'; }`;
/** What a shell makes of all the lines, as somebody who pastes them. */
const called = execFileSync('sh', ['-euc', [curl, ...allRoutes.map((row) => curlSample(row, hubUrl))].join('\n')], {
  env: { SESSION: 'a session', SECRET: 'has_1', KEY: 'hk_1' },
  encoding: 'utf8',
})
  .split('\u0001')
  .slice(0, -1)
  .map((words) => words.split('\0').slice(0, -1));
const after = (words: readonly string[], option: string) => words[words.indexOf(option) + 1];

it.each(allRoutes.map((row, at) => [`${row.method} ${row.path}`, row, called[at]!] as const))(
  '%s is called by its line of curl, with its example',
  (name, { method, path, access, body }, words) => {
    expect(words[0]).toBe(hubUrl + path.replace(/:\w+/g, exampleId(1)));
    expect(words.includes('-X') ? after(words, '-X') : words.includes('-d') ? 'POST' : 'GET').toBe(method);
    const example = (requestExamples[name] ?? {}) as Readonly<Record<string, unknown>>;
    const isForKey = access === 'credential' && !('pushes' in example);
    const shown = isForKey ? 'hk_1' : /^(app|credential)$/.test(access) ? 'has_1' : 'a session';
    expect(words.filter((word) => word.startsWith('Authorization'))).toEqual(
      access === 'anyone' ? [] : [`Authorization: Bearer ${shown}`],
    );
    const { openid: _, escalate: _1, ...forKey } = example;
    expect(words.includes('-d')).toBe(body !== undefined);
    if (body !== undefined) expect(JSON.parse(after(words, '-d')!)).toEqual(isForKey ? forKey : example);
  },
);
