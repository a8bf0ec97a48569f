import { join } from 'node:path';

type Caller = { readonly caller: { readonly appId: string; readonly appName: string }; readonly wrong?: string };
/** Loaded at run time: this file is compiled by the rules of the mini program. */
// eslint-disable-next-line @typescript-eslint/no-require-imports -- see above
const { callerOf, hintOf } = require(join(__dirname, '../pages/bind/caller')) as {
  callerOf: (start: object) => Caller | undefined;
  hintOf: (openid: string) => string;
};
const appId = 'wx0123456789abcdef';
const extraData = { appName: ' Bark Helper ', openid: 'u-1' };

describe('who opened the bind page', () => {
  it('is the program that WeChat names, with its own claims', () => {
    const { caller, wrong } = callerOf({ scene: 1037, referrerInfo: { appId, extraData } })!;
    expect([caller, wrong]).toEqual([{ appId, appName: 'Bark Helper', openid: 'u-1' }, undefined]);
  });

  it.each([
    ['by hand', { scene: 1089, referrerInfo: {} }],
    ['without a referrer', { scene: 1037 }],
    ['by an official account, which WeChat names too', { scene: 1035, referrerInfo: { appId, extraData } }],
    ['by a program that came back', { scene: 1038, referrerInfo: { appId, extraData } }],
  ])('is nobody when it was opened %s', (_, start) => expect(callerOf(start)).toBeUndefined());

  it.each([
    [{}, /^extraData\.appName is missing: .*; extraData\.openid is missing: /],
    [undefined, /^extraData\.appName is missing: /],
    [{ ...extraData, openid: 7 }, /^extraData\.openid must be a string: /],
    [{ ...extraData, appName: 'x'.repeat(51) }, /^extraData\.appName is longer than 50 characters: /],
  ])('is told what is wrong with %j', (data, wrong) =>
    expect(callerOf({ scene: 1037, referrerInfo: { appId, extraData: data } })!.wrong).toMatch(wrong),
  );
});

it.each([
  ['o-1', '••••'],
  ['hacker', 'h••••r'],
  ['hacker-000001', 'ha••••01'],
])('%s is hinted at by %s', (openid, hint) => expect(hintOf(openid)).toBe(hint));
