import * as fc from 'fast-check';
import { AppDigest, BindingEvent, eventSchemas } from '@hark/contracts';
import { plusMs } from '@hark/kernel';
import { specFor } from '@hark/testing';
import { randomRun } from '../testing/random-run.fixture';
import { BindingChange, BindingCommand, bindingDecider } from './binding.decider';

const at = '2026-01-05T09:00:00.000Z';
const later = '2026-01-05T10:00:00.000Z';
const tonight = '2026-01-05T22:00:00.000Z';
const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const [appId, ann, ben, consent1, consent2, phone, mail] = [1, 2, 3, 4, 5, 6, 7].map(id) as [
  string,
  string,
  string,
  string,
  string,
  string,
  string,
];
const openid = `v1.${ann}.aaaa.bbbb`;
const [key1, key2] = ['1', '2'].map((digit) => digit.repeat(64)) as [string, string];

const bind = {
  type: 'Bind',
  personId: ann,
  appId,
  openid,
  consentId: consent1,
  keyHash: key1,
  appBlocked: false,
  at,
} as const;
const bound: BindingEvent = {
  type: 'binding.bound',
  data: { appId, personId: ann, openid, consentId: consent1, level: 'strong', keyHash: key1, channels: null, at },
};
const muted: BindingEvent = { type: 'binding.muted', data: { until: tonight, at } };
const unbound: BindingEvent = { type: 'binding.unbound', data: { reason: 'requested', at } };
const blocked: BindingEvent = { type: 'binding.blocked', data: { at } };
const change = (settings: BindingChange, personId = ann): BindingCommand => ({
  type: 'Change',
  personId,
  change: settings,
  at,
});
const binding = specFor(bindingDecider);

describe('binding an app', () => {
  it('records the consent, strong unless asked otherwise', () => binding.given().when(bind).then(bound));

  it('keeps the level asked for', () =>
    binding
      .given()
      .when({ ...bind, level: 'weak' })
      .then({ ...bound, data: { ...bound.data, level: 'weak' } }));

  it('again, but too late, does not bring an ended one back', () => {
    binding
      .given(bound, unbound)
      .when({ ...bind, consentId: consent2, renews: true })
      .thenRefused('binding.ended');
    binding
      .given(bound)
      .when({ ...bind, renews: true })
      .thenNothing();
  });

  it('again gives the same binding a new key', () =>
    binding
      .given(bound)
      .when({ ...bind, consentId: consent2, keyHash: key2, at: later })
      .then({ type: 'binding.key-rotated', data: { keyHash: key2, at: later } }));

  it('again with another level sets it as well', () =>
    binding
      .given(bound)
      .when({ ...bind, keyHash: key2, level: 'none' })
      .then(
        { type: 'binding.key-rotated', data: { keyHash: key2, at } },
        { type: 'binding.level-set', data: { level: 'none', at } },
      ));

  it('changes nothing when the very same command comes again', () => binding.given(bound).when(bind).thenNothing());

  it('is one person’s for good', () => {
    for (const past of [[bound], [bound, unbound]]) {
      binding
        .given(...past)
        .when({ ...bind, personId: ben, consentId: consent2, keyHash: key2 })
        .thenRefused('binding.unknown');
    }
  });

  it('keeps what the person’s client calls the app, and follows it', () => {
    const named: BindingEvent = { ...bound, data: { ...bound.data, appName: '某程序' } };
    binding
      .given()
      .when({ ...bind, appName: '某程序' })
      .then(named);
    binding
      .given(named)
      .when({ ...bind, appName: '别的' })
      .then({ type: 'binding.app-named', data: { appName: '别的', at } });
  });

  it('is refused while the person blocks the app', () =>
    binding
      .given(bound, blocked)
      .when({ ...bind, consentId: consent2, appBlocked: true })
      .thenRefused('binding.app-blocked'));

  it('after it ended is a new consent, with nothing kept of the old one', () =>
    binding
      .given(bound, muted, unbound)
      .when({ ...bind, consentId: consent2, keyHash: key2, at: later })
      .then({ ...bound, data: { ...bound.data, consentId: consent2, keyHash: key2, at: later } }));

  it('does not come back by a late duplicate of the consent that ended', () =>
    binding.given(bound, unbound).when(bind).thenRefused('binding.ended'));
});

describe('a binding of somebody who was erased', () => {
  const end = { type: 'EndWithPerson', personId: ann, at } as const;
  const ended = (endedBefore?: true): BindingEvent => ({
    type: 'binding.unbound',
    data: { reason: 'person-erased', ...(endedBefore && { endedBefore }), at },
  });

  it('ends', () => binding.given(bound).when(end).then(ended()));
  it('says so as well when it had ended before', () => {
    binding.given(bound, unbound).when(end).then(ended(true));
    binding.given(bound, blocked).when(end).then(ended(true));
  });
  it('ends once', () => binding.given(bound, ended()).when(end).thenNothing());
});

describe('agreeing to a binding request', () => {
  const requestId = id(8);
  const wording = { version: 1, language: 'en', hash: key1, presented: true, text: openid } as const;
  const agree = { ...bind, wording, requestId, keepsKey: true } as const;
  const agreed: BindingEvent = { ...bound, data: { ...bound.data, wording, requestId } };
  const renewal: BindingEvent = { type: 'binding.renewed', data: { wording, requestId, at } };

  it('keeps what was agreed to, and the channels chosen', () => {
    binding.given().when(agree).then(agreed);
    binding
      .given()
      .when({ ...agree, channels: [mail, phone, mail] })
      .then({ ...agreed, data: { ...agreed.data, channels: [phone, mail] } });
  });
  it('once more is evidence, once, and leaves the key to be traded for', () => {
    const again = { ...agree, consentId: consent2, keyHash: key2 };
    binding.given(bound).when(again).then(renewal);
    binding.given(bound, renewal).when(again).thenNothing();
    binding.given(agreed).when(again).thenNothing();
  });
  it('without a request is evidence only of a text that was shown', () => {
    const { requestId: _, keepsKey: __, ...plain } = agree;
    const rotation: BindingEvent = { type: 'binding.key-rotated', data: { keyHash: key2, at } };
    binding
      .given(bound)
      .when({ ...plain, keyHash: key2 })
      .then(rotation, { type: 'binding.renewed', data: { wording, at } });
    binding
      .given(bound)
      .when({ ...plain, keyHash: key2, wording: { ...wording, presented: false } })
      .then(rotation);
  });
});

describe('what its app says of a binding', () => {
  const confirm = { type: 'Confirm', appId, consentId: consent1, at } as const;
  const refuse = { type: 'Refuse', appId, at } as const;
  const present = { type: 'PresentKey', appId, keyHash: key1, at } as const;
  const confirmed: BindingEvent = { type: 'binding.confirmed', data: { consentId: consent1, at } };
  const refused: BindingEvent = { type: 'binding.refused', data: { at } };
  const presented: BindingEvent = { type: 'binding.key-presented', data: { at } };
  const rebound: BindingEvent = { ...bound, data: { ...bound.data, consentId: consent2 } };

  it('confirms the consent that is in force', () => binding.given(bound).when(confirm).then(confirmed));
  it('changes nothing when it is confirmed', () => binding.given(bound, confirmed).when(confirm).thenNothing());
  it('confirms no consent that has ended, nor a later one in its place', () => {
    binding.given(bound, unbound).when(confirm).thenRefused('binding.ended');
    binding.given(bound, confirmed, unbound, rebound).when(confirm).thenRefused('binding.ended');
  });

  it('refuses the person: the binding ends', () => {
    binding.given(bound).when(refuse).then(refused);
    binding.given(bound, confirmed).when(refuse).then(refused);
  });
  it('refuses nobody whose binding has ended', () => binding.given(bound, unbound).when(refuse).thenNothing());

  it('means somebody else: a binding that it never confirmed ends, one that it did stays', () => {
    const replace = { type: 'Replace', appId, at } as const;
    binding
      .given(bound)
      .when(replace)
      .then({ type: 'binding.refused', data: { reason: 'replaced', at } });
    binding.given(bound, confirmed).when(replace).thenNothing();
    binding.given(bound, unbound).when(replace).thenNothing();
  });

  it('is handed a key of the consent that is in force, and of no later one', () => {
    const handOver = { type: 'HandOverKey', appId, consentId: consent1, keyHash: key2, at } as const;
    const rotated: BindingEvent = { type: 'binding.key-rotated', data: { keyHash: key2, at } };
    binding.given(bound).when(handOver).then(rotated);
    binding.given(bound, rotated).when(handOver).thenNothing();
    binding.given(bound, unbound).when(handOver).thenRefused('binding.ended');
    binding.given(bound, unbound, rebound).when(handOver).thenRefused('binding.ended');
  });

  it('shows the present key, once', () => {
    binding.given(bound).when(present).then(presented);
    binding
      .given(bound, presented)
      .when({ ...present, at: later })
      .thenNothing();
  });
  it('shows no key that has been replaced', () =>
    binding
      .given(bound)
      .when({ ...present, keyHash: key2 })
      .thenNothing());

  it.each([confirm, refuse, present])('is nothing another app can say ($type)', (command) => {
    binding
      .given(bound)
      .when({ ...command, appId: phone })
      .thenRefused('binding.unknown');
    binding.given().when(command).thenRefused('binding.unknown');
  });
});

describe('changing a binding', () => {
  it('quietens it until the time asked for', () =>
    binding
      .given(bound)
      .when(change({ muted: { until: tonight } }))
      .then(muted));

  it('changes nothing when it is quiet until then already', () =>
    binding
      .given(bound, muted)
      .when(change({ muted: { until: tonight } }))
      .thenNothing());

  it('changes nothing when unmuting what is not muted', () =>
    binding
      .given(bound)
      .when(change({ muted: null }))
      .thenNothing());

  it('lifts a mute', () =>
    binding
      .given(bound, muted)
      .when(change({ muted: null }))
      .then({ type: 'binding.unmuted', data: { at } }));

  it('refuses a mute that would end in the past', () =>
    binding
      .given(bound)
      .when(change({ muted: { until: '2026-01-05T08:59:59.999Z' } }))
      .thenRefused('request.invalid'));

  it('sets level, mute and channels together', () =>
    binding
      .given(bound)
      .when(change({ level: 'weak', muted: { until: null }, channels: [mail, phone, mail] }))
      .then(
        { type: 'binding.level-set', data: { level: 'weak', at } },
        { type: 'binding.muted', data: { until: null, at } },
        { type: 'binding.channels-set', data: { channels: [phone, mail], at } },
      ));

  it('sets and lifts a daily cap', () => {
    const capped = (dailyCap: number | null) => ({ type: 'binding.cap-set', data: { dailyCap, at } }) as const;
    binding
      .given(bound)
      .when(change({ dailyCap: 20 }))
      .then(capped(20));
    binding
      .given(bound, capped(20))
      .when(change({ dailyCap: 20 }))
      .thenNothing();
    binding
      .given(bound, capped(20))
      .when(change({ dailyCap: null }))
      .then(capped(null));
    binding
      .given(bound)
      .when(change({ dailyCap: null }))
      .thenNothing();
  });

  it('says when its messages ring together, otherwise than its person wants of all apps', () => {
    const set = (digest: AppDigest | null) => ({ type: 'binding.digest-set', data: { digest, at } }) as const;
    binding
      .given(bound)
      .when(change({ digest: { every: 'never' } }))
      .then(set({ every: 'never' }));
    binding
      .given(bound, set({ every: 'day', at: '18:30' }))
      .when(change({ digest: { at: '18:30', every: 'day' } }))
      .thenNothing();
    binding
      .given(bound, set({ every: 'day' }))
      .when(change({ digest: null }))
      .then(set(null));
    binding
      .given(bound)
      .when(change({ digest: null }))
      .thenNothing();
  });

  it('lets an app ring in quiet hours and takes that back; a new consent begins without', () => {
    const allowed = (critical: boolean) => ({ type: 'binding.critical-set', data: { critical, at } }) as const;
    const again = { ...bound, data: { ...bound.data, consentId: id(77) } };
    binding
      .given(bound)
      .when(change({ critical: true }))
      .then(allowed(true));
    binding
      .given(bound, allowed(true))
      .when(change({ critical: true }))
      .thenNothing();
    binding
      .given(bound, allowed(true))
      .when(change({ critical: false }))
      .then(allowed(false));
    binding
      .given(bound, allowed(true), unbound, again)
      .when(change({ critical: false }))
      .thenNothing();
  });

  it('allows read receipts and takes that back; a new consent begins without', () => {
    const told = (readReceipts: boolean) =>
      ({ type: 'binding.read-receipts-set', data: { readReceipts, at } }) as const;
    binding
      .given(bound)
      .when(change({ readReceipts: true }))
      .then(told(true));
    binding
      .given(bound, told(true))
      .when(change({ readReceipts: true }))
      .thenNothing();
    binding
      .given(bound, told(true))
      .when(change({ readReceipts: false }))
      .then(told(false));
    for (const events of [
      [],
      [told(true), unbound, { ...bound, data: { ...bound.data, consentId: id(77) } }],
    ] as const) {
      binding
        .given(bound, ...events)
        .when(change({ readReceipts: false }))
        .thenNothing();
    }
  });

  it('knows chosen channels in any order', () =>
    binding
      .given(bound, { type: 'binding.channels-set', data: { channels: [phone, mail], at } })
      .when(change({ channels: [mail, phone] }))
      .thenNothing());

  it('is refused once it has ended', () =>
    binding
      .given(bound, unbound)
      .when(change({ level: 'weak' }))
      .thenRefused('binding.ended'));

  it('is unknown to everybody else', () => {
    binding
      .given(bound)
      .when(change({ level: 'weak' }, ben))
      .thenRefused('binding.unknown');
    binding
      .given()
      .when(change({ level: 'weak' }))
      .thenRefused('binding.unknown');
  });
});

describe('ending a binding', () => {
  it('withdraws the consent', () => binding.given(bound).when({ type: 'Unbind', personId: ann, at }).then(unbound));

  it('or mutes it by a link for that consent, and by no link for an earlier one', () => {
    const { consentId } = bound.data;
    const mute = { type: 'Change', personId: ann, change: { muted: { until: null } }, at } as const;
    const unbind = { type: 'Unbind', personId: ann, at } as const;
    binding
      .given(bound)
      .when({ ...unbind, consentId })
      .then(unbound);
    binding
      .given(bound, unbound)
      .when({ ...unbind, consentId })
      .thenNothing();
    binding
      .given(bound)
      .when({ ...mute, consentId })
      .then({ type: 'binding.muted', data: { until: null, at } });
    for (const command of [mute, unbind])
      binding
        .given(bound, unbound, { ...bound, data: { ...bound.data, consentId: id(99) } })
        .when({ ...command, consentId })
        .thenRefused('binding.ended');
  });

  it('changes nothing when it has ended', () => {
    binding.given(bound, unbound).when({ type: 'Unbind', personId: ann, at }).thenNothing();
    binding.given(bound, blocked).when({ type: 'Unbind', personId: ann, at }).thenNothing();
  });

  it('blocks, also what was unbound before', () => {
    binding.given(bound).when({ type: 'Block', personId: ann, at }).then(blocked);
    binding.given(bound, unbound).when({ type: 'Block', personId: ann, at }).then(blocked);
    binding.given(bound, blocked).when({ type: 'Block', personId: ann, at }).thenNothing();
  });

  it('notes once that its app was handed on, unless it was given to the new owner', () => {
    const note = { type: 'NoteTransfer', appId, transferredAt: later, at: tonight } as const;
    const noted: BindingEvent = {
      type: 'binding.app-transferred',
      data: { transferredAt: later, at: tonight },
    };
    binding.given(bound).when(note).then(noted);
    binding.given(bound, noted).when(note).thenNothing();
    binding.given(bound, unbound).when(note).thenNothing();
    binding
      .given({ ...bound, data: { ...bound.data, at: tonight } })
      .when(note)
      .thenNothing();
    binding
      .given(bound)
      .when({ ...note, appId: id(9) })
      .thenRefused('binding.unknown');
  });

  it('reads as ended, and stays so, once the block is lifted', () => {
    const unblocked: BindingEvent = { type: 'binding.unblocked', data: { at } };
    const unblock = { type: 'Unblock', personId: ann, at } as const;
    binding.given(bound, blocked).when(unblock).then(unblocked);
    binding.given(bound, blocked, unblocked).when(unblock).thenNothing();
    binding.given(bound, blocked, unblocked).when(bind).thenRefused('binding.ended');
    for (const past of [[bound], [bound, unbound]]) {
      binding
        .given(...past)
        .when(unblock)
        .thenNothing();
    }
    binding
      .given(bound, blocked)
      .when({ ...unblock, personId: ben })
      .thenRefused('binding.unknown');
  });

  it('is nobody else’s to do', () => {
    binding.given(bound).when({ type: 'Unbind', personId: ben, at }).thenRefused('binding.unknown');
    binding.given(bound).when({ type: 'Block', personId: ben, at }).thenRefused('binding.unknown');
  });
});

describe('any sequence of commands', () => {
  const user = fc.constantFrom(ann, ben);
  const level = fc.constantFrom('strong' as const, 'weak' as const, 'none' as const);
  const until = fc.constantFrom(null, tonight, plusMs(at, 90_000));
  const settings = fc.record(
    {
      level,
      muted: fc.option(fc.record({ until })),
      channels: fc.option(fc.subarray([phone, mail])),
      dailyCap: fc.option(fc.integer({ min: 1, max: 3 })),
    },
    { requiredKeys: [] },
  );
  const wish = fc.oneof(
    fc.record({
      type: fc.constant('Bind' as const),
      personId: user,
      seed: fc.nat(3),
      appBlocked: fc.boolean(),
      level: fc.option(level, { nil: undefined }),
    }),
    fc.record({ type: fc.constant('Change' as const), personId: user, change: settings }),
    fc.record({ type: fc.constantFrom('Unbind' as const, 'Block' as const, 'Unblock' as const), personId: user }),
  );
  const commands = fc.array(wish, { maxLength: 30 }).map((wishes) =>
    wishes.map((one, index): BindingCommand => {
      const now = plusMs(at, index * 60_000);
      if (one.type === 'Change') return { ...one, at: now };
      if (one.type !== 'Bind') return { ...one, at: now };
      const { seed, level: asked, ...rest } = one;
      const fresh = {
        consentId: id(1_000 + index * 4 + seed),
        keyHash: String(index * 4 + seed).padStart(64, '0'),
      };
      return { ...rest, ...fresh, appId, openid, at: now, ...(asked && { level: asked }) };
    }),
  );

  it('keeps one person, one consent and one key at a time', () =>
    fc.assert(
      fc.property(commands, (sequence) => {
        const run = randomRun(bindingDecider, sequence);
        for (const event of run.events) expect(eventSchemas[event.type]!.safeParse(event.data).success).toBe(true);
        const consents = run.events.flatMap((event) => (event.type === 'binding.bound' ? [event.data.consentId] : []));
        expect(new Set(consents).size).toBe(consents.length);
        for (const { command, before, events, after } of run.steps) {
          // Whoever does not hold the binding changes nothing of it while it is active.
          if (before.is === 'active' && 'personId' in command && before.personId !== command.personId) {
            expect(events).toEqual([]);
          }
          if (before.is !== 'active' && after.is === 'active') expect(command.type).toBe('Bind');
          if (command.type === 'Bind' && command.appBlocked) expect(events).toEqual([]);
          if (before.is !== 'absent' && after.is !== 'absent' && before.keyHash !== after.keyHash) {
            expect(command.type).toBe('Bind');
          }
          if (events.some(({ type }) => type === 'binding.muted') && before.is === 'active' && after.is === 'active') {
            const asked = command.type === 'Change' ? command.change.level : undefined;
            expect(after.level).toBe(asked ?? before.level);
          }
        }
      }),
    ));
});
