import * as fc from 'fast-check';
import { eventSchemas, UserEvent } from '@hark/contracts';
import { plusMs } from '@hark/kernel';
import { specFor } from '@hark/testing';
import { randomRun } from '../testing/random-run.fixture';
import { proofLifeMs, reproofLifeMs } from './challenge.rules';
import { challengeLifeMs, endpointOf, endpointsMax, guessesMax, UserCommand, userDecider } from './user.decider';

const at = '2026-01-05T09:00:00.000Z';
const expiresAt = plusMs(at, challengeLifeMs);
const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const hash = (n: number) => String(n).padStart(64, '0');
const sealed = `v1.${id(1)}.aaaa.bbbb`;
const phone = id(10);

const registered: UserEvent = {
  type: 'user.registered',
  data: { provider: 'wechat', subject: sealed, subjectHash: hash(1), at },
};
const add = {
  type: 'AddEndpoint',
  endpointId: phone,
  kind: 'bark',
  address: sealed,
  addressHash: hash(2),
  code: sealed,
  codeHash: hash(3),
  at,
} as const;
const added: UserEvent = {
  type: 'user.endpoint-added',
  data: { endpointId: phone, kind: 'bark', address: sealed, addressHash: hash(2), at },
};
const challenged: UserEvent = {
  type: 'user.endpoint-challenged',
  data: { endpointId: phone, code: sealed, codeHash: hash(3), expiresAt, at },
};
const verified: UserEvent = { type: 'user.endpoint-verified', data: { endpointId: phone, at } };
const verify = { type: 'VerifyEndpoint', endpointId: phone, codeHash: hash(3), guessId: id(20), at } as const;
const wrong = (n: number): UserEvent => ({
  type: 'user.endpoint-guess-failed',
  data: { endpointId: phone, guessId: id(30 + n), at },
});
const fiveWrong = [1, 2, 3, 4, 5].map(wrong);
const user = specFor(userDecider);

describe('registering', () => {
  const register = { type: 'Register', provider: 'wechat', subject: sealed, subjectHash: hash(1), at } as const;

  it('makes the person known', () => user.given().when(register).then(registered));
  it('changes nothing the next time they log in', () => user.given(registered).when(register).thenNothing());
  it('comes before anything else', () => user.given().when(add).thenRefused('session.invalid'));
});

describe('arranging endpoints', () => {
  const mailbox = id(11);
  const other: UserEvent = { type: 'user.endpoint-added', data: { ...added.data, endpointId: mailbox } };
  const order = (...endpointIds: string[]) => ({ type: 'OrderEndpoints', endpointIds, at }) as const;
  const ranked = (endpointId: string, rank: number | null): UserEvent => ({
    type: 'user.endpoint-ranked',
    data: { endpointId, rank, at },
  });
  const rename = (name: string | null) => ({ type: 'RenameEndpoint', endpointId: phone, name, at }) as const;
  const trouble = { type: 'NoteTrouble', endpointId: phone, reason: 'not-reached', at } as const;
  const troubled: UserEvent = {
    type: 'user.endpoint-troubled',
    data: { endpointId: phone, reason: 'not-reached', at },
  };

  it('ranks the named ones and takes the rank of others', () => {
    const both = user.given(registered, added, other);
    both.when(order(mailbox, phone)).then(ranked(phone, 2), ranked(mailbox, 1));
    user
      .given(registered, added, other, ranked(phone, 1))
      .when(order(mailbox))
      .then(ranked(phone, null), ranked(mailbox, 1));
    user.given(registered, added, ranked(phone, 1)).when(order(phone)).thenNothing();
    both.when(order(id(99))).thenRefused('endpoint.unknown');
  });
  it('names one', () => {
    const renamed: UserEvent = { type: 'user.endpoint-renamed', data: { endpointId: phone, name: sealed, at } };
    user.given(registered, added).when(rename(sealed)).then(renamed);
    user.given(registered, added, renamed).when(rename(sealed)).thenNothing();
    user.given(registered).when(rename(sealed)).thenRefused('endpoint.unknown');
  });
  it('keeps a trouble once a day', () => {
    user.given(registered, added).when(trouble).then(troubled);
    user.given(registered, added, troubled).when(trouble).thenNothing();
    const nextDay = plusMs(at, 24 * 3_600_000);
    user
      .given(registered, added, troubled)
      .when({ ...trouble, at: nextDay })
      .then({ type: 'user.endpoint-troubled', data: { endpointId: phone, reason: 'not-reached', at: nextDay } });
    user.given(registered).when(trouble).thenNothing();
  });
});

describe('granting a role', () => {
  const grant = { type: 'GrantRole', role: 'operator', by: 'configuration', at } as const;
  const granted: UserEvent = { type: 'user.role-granted', data: { role: 'operator', by: 'configuration', at } };

  it('adds it', () => user.given(registered).when(grant).then(granted));
  it('changes nothing when they have it', () => user.given(registered, granted).when(grant).thenNothing());
  it('is refused for a stranger', () => user.given().when(grant).thenRefused('session.invalid'));
});

describe('revoking a role', () => {
  const admin = (type: 'user.role-granted' | 'user.role-revoked', by: string): UserEvent => ({
    type,
    data: { role: 'admin', by, at },
  });
  const given = admin('user.role-granted', 'user:a');
  const set = admin('user.role-granted', 'HARK_ADMINS');
  const revoke = (by: string) => ({ type: 'RevokeRole', role: 'admin', by, at }) as const;

  it('takes what an admin gave, whichever admin it was', () =>
    user.given(registered, given).when(revoke('user:b')).then(admin('user.role-revoked', 'user:b')));
  it('takes by the setting what the setting gave, and nothing else', () => {
    user.given(registered, set, given).when(revoke('HARK_ADMINS')).then(admin('user.role-revoked', 'HARK_ADMINS'));
    user.given(registered, given).when(revoke('HARK_ADMINS')).thenNothing();
  });
  it('is refused to an admin while the setting grants it', () =>
    user.given(registered, set).when(revoke('user:b')).thenRefused('role.set-by-configuration'));
  it('changes nothing when they do not have it', () => user.given(registered).when(revoke('user:b')).thenNothing());
  it('is refused for a stranger', () => user.given().when(revoke('user:b')).thenRefused('session.invalid'));
});

describe('setting the language', () => {
  const set = (locale: 'zh-CN' | 'en', learnt?: true): UserEvent => ({
    type: 'user.locale-set',
    data: { locale, ...(learnt && { learnt }), at },
  });
  const english = { type: 'SetLocale', locale: 'en', at } as const;
  const learntEnglish = { ...english, learnt: true } as const;

  it('follows the client until the person chooses', () => {
    user.given(registered).when(learntEnglish).then(set('en', true));
    user.given(registered, set('zh-CN', true)).when(learntEnglish).then(set('en', true));
    user.given(registered, set('en', true)).when(english).then(set('en'));
    user.given(registered, set('zh-CN')).when(english).then(set('en'));
  });
  it('changes nothing when it is so already, or when a client differs from what was chosen', () => {
    user.given(registered, set('en')).when(english).thenNothing();
    user.given(registered, set('en', true)).when(learntEnglish).thenNothing();
    user.given(registered, set('zh-CN')).when(learntEnglish).thenNothing();
  });
  it('is refused for a stranger', () => user.given().when(english).thenRefused('session.invalid'));
});

describe('adding an endpoint', () => {
  it('asks for a proof', () => user.given(registered).when(add).then(added, challenged));

  it('changes nothing by a repeat of the command', () =>
    user.given(registered, added, challenged).when(add).thenNothing());

  it('asks anew when it is there and not verified', () =>
    user
      .given(registered, added, challenged, ...fiveWrong)
      .when({ ...add, codeHash: hash(4) })
      .then({ ...challenged, data: { ...challenged.data, codeHash: hash(4) } }));

  it('changes nothing when it is verified', () =>
    user
      .given(registered, added, challenged, verified)
      .when({ ...add, codeHash: hash(4) })
      .thenNothing());

  it(`is refused beyond ${endpointsMax}`, () => {
    const full = Array.from({ length: endpointsMax }, (_, n): UserEvent => ({
      type: 'user.endpoint-added',
      data: { endpointId: id(100 + n), kind: 'bark', address: sealed, addressHash: hash(n), at },
    }));
    user
      .given(registered, ...full)
      .when(add)
      .thenRefused('endpoint.too-many');
    user
      .given(registered, ...full.slice(1))
      .when(add)
      .then(added, challenged);
  });
});

describe('a code on its way', () => {
  const { codeHash } = challenged.data;
  const waiting = [registered, added, challenged];
  const retryAt = plusMs(at, 300_000);
  const deferral = (number: number, reason = 'not-reached'): UserEvent => ({
    type: 'user.endpoint-challenge-deferred',
    data: { endpointId: phone, codeHash, number, reason, retryAt, at },
  });
  const resumption = (number: number): UserEvent => ({
    type: 'user.endpoint-challenge-resumed',
    data: { endpointId: phone, codeHash, number, epoch: 7, at },
  });
  const failure: UserEvent = {
    type: 'user.endpoint-challenge-failed',
    data: { endpointId: phone, codeHash, reason: 'recipient-gone', at },
  };
  const defer = (number: number) =>
    ({ type: 'DeferChallenge', endpointId: phone, codeHash, number, reason: 'not-reached', retryAt, at }) as const;
  const resume = (number: number, epoch = 7) =>
    ({ type: 'ResumeChallenge', endpointId: phone, codeHash, number, epoch, at }) as const;
  const fail = { type: 'FailChallenge', endpointId: phone, codeHash, reason: 'recipient-gone', at } as const;

  it('is put off and taken up in turns', () => {
    user
      .given(...waiting)
      .when(defer(1))
      .then(deferral(1));
    user
      .given(...waiting, deferral(1))
      .when(resume(1))
      .then(resumption(1));
    user
      .given(...waiting, deferral(1), resumption(1))
      .when(defer(2))
      .then(deferral(2));
  });

  it('is taken up once, whoever asks how often', () => {
    user
      .given(...waiting, deferral(1), resumption(1))
      .when(resume(1, 3))
      .thenNothing();
    user
      .given(...waiting, deferral(1), resumption(1), deferral(2))
      .when(resume(1))
      .thenNothing();
  });

  it('is over when it will not come, was entered, or another was asked for', () => {
    user
      .given(...waiting)
      .when(fail)
      .then(failure);
    const another = { ...challenged, data: { ...challenged.data, codeHash: hash(4) } };
    for (const end of [failure, verified, another]) {
      for (const command of [defer(2), resume(1), fail]) {
        user
          .given(...waiting, deferral(1), end)
          .when(command)
          .thenNothing();
      }
    }
    user
      .given(...waiting, failure)
      .when({ ...add, codeHash: hash(4) })
      .then(another);
  });

  it('counts what found no room apart from what was refused', () => {
    const events = [...waiting, deferral(1), resumption(1), deferral(2, 'busy'), resumption(2), deferral(3, 'busy')];
    const [endpoint] = events.reduce(userDecider.evolve, userDecider.initial).endpoints;
    expect(endpoint!.challenge!.sending).toEqual({ tries: 1, putOffs: 2, deferrals: 3, retryAt, failure: null });
  });
});

describe('an endpoint that turns out to be gone', () => {
  const proven = [registered, added, challenged, verified];
  const disable = (triedAt: string) =>
    ({ type: 'DisableEndpoint', endpointId: phone, reason: 'recipient-gone', triedAt, at }) as const;
  const disabled: UserEvent = {
    type: 'user.endpoint-disabled',
    data: { endpointId: phone, reason: 'recipient-gone', at },
  };

  it('is switched off once, and asks for a proof when it is added again', () => {
    user
      .given(...proven)
      .when(disable(plusMs(at, 1)))
      .then(disabled);
    user
      .given(...proven, disabled)
      .when({ ...add, codeHash: hash(4) })
      .then({ ...challenged, data: { ...challenged.data, codeHash: hash(4) } });
  });

  it('stays on when somebody proved it after the try, or it is not there', () => {
    user
      .given(...proven)
      .when(disable(plusMs(at, -1)))
      .thenNothing();
    user.given(registered, added).when(disable(at)).thenNothing();
    user.given(registered).when(disable(at)).thenNothing();
  });
});

describe('an endpoint that may have changed hands', () => {
  const proven = [registered, added, challenged, verified];
  const year = plusMs(at, proofLifeMs);
  const doubt = (reason: string, now: string, endpointId = phone) =>
    ({ type: 'DisableEndpoint', endpointId, reason, triedAt: at, at: now }) as const;
  const disabled: UserEvent = {
    type: 'user.endpoint-disabled',
    data: { endpointId: phone, reason: 'proof-due', at: year },
  };
  const ask = {
    type: 'ChallengeAgain',
    endpointId: phone,
    disabledAt: year,
    code: sealed,
    codeHash: hash(5),
    at: year,
  } as const;
  const asked: UserEvent = {
    type: 'user.endpoint-challenged',
    data: { endpointId: phone, code: sealed, codeHash: hash(5), expiresAt: plusMs(year, reproofLifeMs), at: year },
  };
  const answer = { type: 'TakeAnswer', endpointId: phone, codeHash: hash(5), at: year } as const;

  it('is to be proven anew after a year, unless it was since or nobody else can come by it', () => {
    const openid = { ...added, data: { ...added.data, kind: 'wechat' } } as UserEvent;
    user
      .given(...proven)
      .when(doubt('proof-due', year))
      .then(disabled);
    user
      .given(...proven)
      .when(doubt('proof-due', plusMs(year, -1)))
      .thenNothing();
    user
      .given(...proven, { ...verified, data: { endpointId: phone, by: 'log-in', at: plusMs(at, 1) } })
      .when(doubt('proof-due', year))
      .thenNothing();
    user
      .given(registered, openid, verified)
      .when(doubt('proof-due', year))
      .then({ ...verified, data: { endpointId: phone, by: 'log-in', at: year } });
    user
      .given(registered, openid, verified)
      .when(doubt('owner-changed', at))
      .then({ ...disabled, data: { ...disabled.data, reason: 'owner-changed', at } });
  });

  it('gets one code, which may be entered for a week', () => {
    user
      .given(...proven, disabled)
      .when(ask)
      .then(asked);
    user
      .given(...proven, disabled, asked)
      .when({ ...ask, codeHash: hash(6) })
      .thenNothing();
    user
      .given(...proven)
      .when(ask)
      .thenNothing();
    user
      .given(...proven, disabled, asked)
      .when({ ...verify, codeHash: hash(5), at: plusMs(year, reproofLifeMs - 1) })
      .then({ ...verified, data: { endpointId: phone, at: plusMs(year, reproofLifeMs - 1) } });
  });

  it('is proven by a signed answer to the code under way, and to no other', () => {
    const answered: UserEvent = { ...verified, data: { endpointId: phone, by: 'answer', at: year } };
    user
      .given(...proven, disabled, asked)
      .when(answer)
      .then(answered);
    user
      .given(...proven, disabled, asked)
      .when({ ...answer, codeHash: hash(3) })
      .thenNothing();
    user
      .given(...proven, disabled, asked)
      .when({ ...answer, at: plusMs(year, reproofLifeMs) })
      .thenNothing();
    user
      .given(...proven, disabled, asked, answered)
      .when(answer)
      .thenNothing();
  });

  it('is proven by its use, at most once in thirty days, and never while it is off', () => {
    const later = plusMs(at, 30 * 86_400_000);
    const note = { type: 'NoteProof', endpointId: phone, by: 'acknowledgement', sentAt: later, at: later } as const;
    const noted: UserEvent = {
      ...verified,
      data: { endpointId: phone, by: 'acknowledgement', at: later },
    };
    user
      .given(...proven)
      .when(note)
      .then(noted);
    user
      .given(...proven)
      .when({ ...note, at: plusMs(later, -1) })
      .thenNothing();
    user
      .given(...proven)
      .when({ ...note, sentAt: plusMs(at, -1) })
      .thenNothing();
    user
      .given(...proven, disabled)
      .when(note)
      .thenNothing();
    user.given(registered).when(note).thenNothing();
  });
});

describe('verifying an endpoint', () => {
  const waiting = [registered, added, challenged];

  it('accepts the right code', () =>
    user
      .given(...waiting)
      .when(verify)
      .then(verified));

  it('accepts it after four wrong ones', () =>
    user
      .given(...waiting, ...fiveWrong.slice(1))
      .when(verify)
      .then(verified));

  it('changes nothing when it is verified', () =>
    user
      .given(...waiting, verified)
      .when({ ...verify, codeHash: hash(9) })
      .thenNothing());

  it('counts a wrong code', () =>
    user
      .given(...waiting)
      .when({ ...verify, codeHash: hash(9) })
      .then({ type: 'user.endpoint-guess-failed', data: { endpointId: phone, guessId: id(20), at } }));

  it('refuses even the right code after five wrong ones', () =>
    user
      .given(...waiting, ...fiveWrong)
      .when(verify)
      .thenRefused('endpoint.code-expired'));

  it('refuses the right code once it has expired', () => {
    user
      .given(...waiting)
      .when({ ...verify, at: expiresAt })
      .thenRefused('endpoint.code-expired');
    const atTheLast = plusMs(expiresAt, -1);
    user
      .given(...waiting)
      .when({ ...verify, at: atTheLast })
      .then({ type: 'user.endpoint-verified', data: { endpointId: phone, at: atTheLast } });
  });

  it('knows only the person’s own endpoints', () =>
    user
      .given(...waiting)
      .when({ ...verify, endpointId: id(11) })
      .thenRefused('endpoint.unknown'));
});

describe('removing an endpoint', () => {
  const remove = { type: 'RemoveEndpoint', endpointId: phone, at } as const;

  it('forgets it', () =>
    user
      .given(registered, added)
      .when(remove)
      .then({ type: 'user.endpoint-removed', data: { endpointId: phone, at } }));
  it('changes nothing when it is not there', () => user.given(registered).when(remove).thenNothing());
  it('is refused for a stranger', () => user.given().when(remove).thenRefused('session.invalid'));
});

describe('blocking an app', () => {
  const app = { appId: id(50), at };
  const blocked: UserEvent = { type: 'user.blocked-app', data: app };
  const unblocked: UserEvent = { type: 'user.unblocked-app', data: app };

  it('blocks and unblocks', () => {
    user
      .given(registered)
      .when({ type: 'BlockApp', ...app })
      .then(blocked);
    user
      .given(registered, blocked)
      .when({ type: 'UnblockApp', ...app })
      .then(unblocked);
    user
      .given(registered, blocked, unblocked)
      .when({ type: 'BlockApp', ...app })
      .then(blocked);
  });
  it('changes nothing when it is so already', () => {
    user
      .given(registered, blocked)
      .when({ type: 'BlockApp', ...app })
      .thenNothing();
    user
      .given(registered)
      .when({ type: 'UnblockApp', ...app })
      .thenNothing();
  });
  it('is refused for a stranger', () =>
    user
      .given()
      .when({ type: 'BlockApp', ...app })
      .thenRefused('session.invalid'));
});

describe('erasing', () => {
  const erase = { type: 'Erase', at } as const;
  const erased: UserEvent = { type: 'user.erased', data: { at } };
  const removed: UserEvent = { type: 'user.endpoint-removed', data: { endpointId: phone, at } };

  it('is said first, then the endpoints go', () =>
    user.given(registered, added, verified).when(erase).then(erased, removed));
  it('changes nothing the second time', () => user.given(registered, added, erased, removed).when(erase).thenNothing());
  it('is refused for a stranger', () => user.given().when(erase).thenRefused('session.invalid'));
  it.each<[string, UserCommand]>([
    ['logs in to the old account', { type: 'Register', provider: 'wechat', subject: sealed, subjectHash: hash(1), at }],
    ['gets a role', { type: 'GrantRole', role: 'operator', by: 'configuration', at }],
    ['loses one', { type: 'RevokeRole', role: 'operator', by: 'configuration', at }],
    ['has a language', { type: 'SetLocale', locale: 'en', at }],
    ['adds an endpoint', add],
    ['verifies one', verify],
    ['removes one', { type: 'RemoveEndpoint', endpointId: phone, at }],
    ['blocks an app', { type: 'BlockApp', appId: id(40), at }],
  ])('is the end: nobody %s', (_, command) =>
    user.given(registered, added, verified, erased).when(command).thenRefused('session.invalid'),
  );
  it.each<[string, UserCommand]>([
    ['a code', { type: 'FailChallenge', endpointId: phone, codeHash: hash(3), reason: 'gone', at }],
    ['a device', { type: 'DisableEndpoint', endpointId: phone, reason: 'recipient-gone', triedAt: at, at }],
  ])('lets what was under way about %s end quietly', (_, command) =>
    user.given(registered, added, challenged, erased, removed).when(command).thenNothing(),
  );
});

describe('any sequence of commands', () => {
  const endpoint = fc.nat(endpointsMax + 4);
  const wish = fc.oneof(
    { weight: 1, arbitrary: fc.record({ type: fc.constant('Register' as const) }) },
    { weight: 8, arbitrary: fc.record({ type: fc.constant('AddEndpoint' as const), endpoint, code: fc.nat(3) }) },
    { weight: 8, arbitrary: fc.record({ type: fc.constant('VerifyEndpoint' as const), endpoint, code: fc.nat(3) }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('RemoveEndpoint' as const), endpoint }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('BlockApp' as const, 'UnblockApp' as const) }) },
  );
  const commands = fc.array(fc.tuple(wish, fc.nat(10 * 60_000)), { maxLength: 80 }).map((wishes) => {
    let now = at;
    return wishes.map(([one, passedMs], index): UserCommand => {
      now = plusMs(now, passedMs);
      const register = {
        type: 'Register',
        provider: 'wechat',
        subject: sealed,
        subjectHash: hash(1),
        at: now,
      } as const;
      if (index === 0 || one.type === 'Register') return register;
      if (!('endpoint' in one)) return { type: one.type, appId: id(50), at: now };
      const endpointId = id(100 + one.endpoint);
      if (one.type === 'RemoveEndpoint') return { type: one.type, endpointId, at: now };
      const codeHash = hash(one.code);
      if (one.type === 'VerifyEndpoint')
        return { type: one.type, endpointId, codeHash, guessId: id(5_000 + index), at: now };
      return { ...add, endpointId, codeHash, at: now };
    });
  });

  it('verifies only by the right code in time, and keeps the bounds', () =>
    fc.assert(
      fc.property(commands, (sequence) => {
        const run = randomRun(userDecider, sequence);
        for (const event of run.events) expect(eventSchemas[event.type]!.safeParse(event.data).success).toBe(true);
        for (const { command, before, events, after } of run.steps) {
          expect(after.endpoints.length).toBeLessThanOrEqual(endpointsMax);
          expect(new Set(after.endpoints.map(({ endpointId }) => endpointId)).size).toBe(after.endpoints.length);
          for (const { challenge } of after.endpoints) {
            expect(challenge?.guesses.length ?? 0).toBeLessThanOrEqual(guessesMax);
          }
          if (!events.some(({ type }) => type === 'user.endpoint-verified')) continue;
          if (command.type !== 'VerifyEndpoint') throw new Error('verified by another command');
          const challenge = endpointOf(before, command.endpointId)!.challenge!;
          expect(challenge.codeHash).toBe(command.codeHash);
          expect(challenge.guesses.length).toBeLessThan(guessesMax);
          expect(command.at < challenge.expiresAt).toBe(true);
        }
      }),
    ));
});
