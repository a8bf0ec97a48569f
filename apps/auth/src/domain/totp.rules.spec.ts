import { UserEvent } from '@hark/contracts';
import { isSteppedUp } from '@hark/gate';
import { specFor } from '@hark/testing';
import { userDecider } from './user.decider';

const user = specFor(userDecider);
const at = '2026-11-28T09:00:00.000Z';
const until = '2026-11-28T21:00:00.000Z';
const [one, two] = ['a'.repeat(64), 'b'.repeat(64)];
const registered: UserEvent = {
  type: 'user.registered',
  data: { provider: 'wechat', subject: 'sealed', subjectHash: 'h', at },
};
const enrolled: UserEvent = { type: 'user.totp-enrolled', data: { enrolmentId: 'e-1', secret: 'sealed', at } };
const use = (useId: string, sessionId = 's-1') => ({ sessionId, useId, until });
const confirmed: UserEvent = {
  type: 'user.totp-confirmed',
  data: { ...use('c-1'), step: 10, recoveryHashes: [one, two], at },
};
const active = user.given(registered, enrolled, confirmed);
const enrol = { type: 'EnrolTotp', enrolmentId: 'e-2', secret: 'sealed-2', at } as const;
const confirm = { type: 'ConfirmTotp', ...use('c-1'), step: 10, recoveryHashes: [one, two], at } as const;
const show = (step: number) => ({ type: 'UseTotp', ...use('c-2', 's-2'), step, at }) as const;
const recover = (codeHash: string) => ({ type: 'UseRecoveryCode', ...use('c-3'), codeHash, at }) as const;
const remove = { type: 'RemoveTotp', by: 'user:u', at } as const;
const removed: UserEvent = { type: 'user.totp-removed', data: { by: 'user:u', at } };

describe('a second factor', () => {
  it('is set up in two steps, and replaced before the second', () => {
    const data = { enrolmentId: 'e-2', secret: 'sealed-2', at };
    user.given(registered).when(enrol).then({ type: 'user.totp-enrolled', data });
    user.given(registered, enrolled).when(enrol).then({ type: 'user.totp-enrolled', data });
    user.given(registered, enrolled).when(confirm).then(confirmed);
  });

  it('is neither replaced nor confirmed once it counts, nor confirmed where there is none', () => {
    active.when(enrol).thenRefused('totp.enrolled');
    active.when({ ...confirm, useId: 'c-9' }).thenRefused('totp.enrolled');
    user.given(registered).when(confirm).thenRefused('totp.not-enrolled');
    user.given(registered).when(show(11)).thenRefused('totp.not-enrolled');
    user.given(registered, enrolled).when(show(11)).thenRefused('totp.not-enrolled');
  });

  it('takes a code once, and none from before it', () => {
    active.when(show(11)).then({ type: 'user.totp-used', data: { ...use('c-2', 's-2'), step: 11, at } });
    for (const step of [9, 10]) active.when(show(step)).thenRefused('totp.code-used');
    const used: UserEvent = { type: 'user.totp-used', data: { ...use('c-2', 's-2'), step: 12, at } };
    user.given(registered, enrolled, confirmed, used).when(show(12)).thenNothing();
    user
      .given(registered, enrolled, confirmed, used)
      .when({ ...show(12), useId: 'c-4' })
      .thenRefused('totp.code-used');
  });

  it('takes each recovery code once', () => {
    const used: UserEvent = { type: 'user.recovery-code-used', data: { ...use('c-3'), codeHash: one, at } };
    active.when(recover(one)).then(used);
    const after = user.given(registered, enrolled, confirmed, used);
    after.when({ ...recover(one), useId: 'c-5' }).thenRefused('totp.code-wrong');
    after.when({ ...recover(two), useId: 'c-5' }).then({
      type: 'user.recovery-code-used',
      data: { ...use('c-5'), codeHash: two, at },
    });
    active.when(recover('c'.repeat(64))).thenRefused('totp.code-wrong');
  });

  it('goes with an unused code, or by somebody who may without', () => {
    active.when(remove).then(removed);
    active.when({ ...remove, step: 11 }).then(removed);
    active.when({ ...remove, recoveryHash: two }).then(removed);
    active.when({ ...remove, step: 10 }).thenRefused('totp.code-used');
    active.when({ ...remove, recoveryHash: 'c'.repeat(64) }).thenRefused('totp.code-wrong');
    user.given(registered).when(remove).thenNothing();
  });

  it('lets the session that showed it act until then, and none once it is gone', () => {
    const totpAfter = (...events: UserEvent[]) => events.reduce(userDecider.evolve, userDecider.initial).totp;
    const totp = totpAfter(registered, enrolled, confirmed);
    expect(isSteppedUp(totp, 's-1', at)).toBe(true);
    expect(isSteppedUp(totp, 's-1', until)).toBe(false);
    expect(isSteppedUp(totp, 's-2', at)).toBe(false);
    expect(isSteppedUp(totpAfter(registered, enrolled, confirmed, removed), 's-1', at)).toBe(false);
    expect(isSteppedUp(totpAfter(registered, enrolled, confirmed, removed, enrolled), 's-1', at)).toBe(false);
  });
});
