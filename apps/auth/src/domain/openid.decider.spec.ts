import * as fc from 'fast-check';
import { OpenidEvent } from '@hark/contracts';
import { specFor } from '@hark/testing';
import { randomRun } from '../testing/random-run.fixture';
import { coolsUntil, OpenidCommand, openidDecider } from './openid.decider';

const at = '2026-01-05T09:00:00.000Z';
const claim = { type: 'Claim', appId: 'app', bindingId: 'alice', at } as const;
const oldClaim: OpenidEvent = { type: 'openid.claimed', data: { appId: 'app', at } };
const eve = { type: 'Confirm', bindingId: 'eve', consentId: 'eve-1', at } as const;
const alice = { type: 'Confirm', bindingId: 'alice', consentId: 'alice-1', at } as const;
const claimed: OpenidEvent = { type: 'openid.claimed', data: { appId: 'app', bindingId: 'alice', at } };
const confirmed = ({ bindingId, consentId }: typeof eve | typeof alice): OpenidEvent => ({
  type: 'openid.confirmed',
  data: { bindingId, consentId, at },
});
const openid = specFor(openidDecider);

describe('claiming an openid', () => {
  it('says that there is somebody to confirm', () => {
    openid.given().when(claim).then(claimed);
    openid.given(oldClaim).when(claim).then(claimed);
  });
  it('says it once', () => openid.given(claimed).when(claim).thenNothing());
  it('says by which bindings, of each once', () => {
    const by = (bindingId: string) => ({ ...claim, bindingId }) as const;
    const claimedBy = (bindingId: string): OpenidEvent => ({
      type: 'openid.claimed',
      data: { appId: 'app', bindingId, at },
    });
    openid.given(claimed).when(by('eve')).then(claimedBy('eve'));
    openid.given(claimedBy('eve')).when(by('alice')).then(claimedBy('alice'));
    openid.given(claimedBy('eve'), claimedBy('alice')).when(by('eve')).thenNothing();
  });
  it('is refused while the app means another person, also to one who had claimed it before', () => {
    openid.given(claimed, confirmed(eve)).when(claim).thenRefused('binding.openid-taken');
    openid.given(confirmed(eve)).when(claim).thenRefused('binding.openid-taken');
  });
  it('is open again once that consent has ended, but not by an old look at it', () => {
    const looked = { ...claim, endedConsentId: 'eve-1' } as const;
    openid.given(confirmed(eve)).when(looked).then(claimed);
    const next = confirmed({ ...eve, consentId: 'eve-2' } as never);
    openid.given(confirmed(eve), next).when(looked).thenRefused('binding.openid-taken');
  });
  it('is always open to whom the app means', () => openid.given(confirmed(alice)).when(claim).then(claimed));
});

describe('confirming whose an openid is', () => {
  it('makes it that consent’s', () => openid.given(claimed).when(alice).then(confirmed(alice)));
  it('changes nothing when it is already', () =>
    openid.given(claimed, confirmed(alice), claimed).when(alice).thenNothing());
  it('is refused while another’s is in force', () =>
    openid.given(claimed, confirmed(eve)).when(alice).thenRefused('binding.openid-taken'));
  it('passes it on when the other’s has ended, but not by an old look at it', () => {
    openid
      .given(claimed, confirmed(eve))
      .when({ ...alice, endedConsentId: 'eve-1' })
      .then(confirmed(alice));
    openid
      .given(claimed, confirmed({ ...eve, consentId: 'eve-2' } as never))
      .when({ ...alice, endedConsentId: 'eve-1' })
      .thenRefused('binding.openid-taken');
  });
  it('follows the same binding to its next consent', () => {
    const next = { ...alice, consentId: 'alice-2' } as const;
    openid
      .given(claimed, confirmed(alice))
      .when(next)
      .then({ type: 'openid.confirmed', data: { bindingId: 'alice', consentId: 'alice-2', at } });
  });

  it('never takes it from one to another by itself', () => {
    const who = fc.constantFrom('a', 'b', 'c');
    const command: fc.Arbitrary<OpenidCommand> = fc.oneof(
      fc.constant<OpenidCommand>(claim),
      who.map((bindingId): OpenidCommand => ({ type: 'Confirm', bindingId, consentId: `${bindingId}-1`, at })),
    );
    fc.assert(
      fc.property(fc.array(command), (commands) => {
        const { events } = randomRun(openidDecider, commands);
        const holders = events.flatMap((event) => (event.type === 'openid.confirmed' ? [event.data.bindingId] : []));
        expect(holders.length).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('a person who said no', () => {
  const no: OpenidEvent = { type: 'openid.declined', data: { at } };
  const after = (...events: OpenidEvent[]) => coolsUntil(events.reduce(openidDecider.evolve, openidDecider.initial));

  const later = '2026-01-05T10:00:00.000Z';
  const declines = (when: string) => ({ type: 'Decline', at: when }) as const;

  it('is noted once, however often it comes', () => openid.given(confirmed(alice)).when(declines(at)).then(no));
  it('is noted again when they say it again', () =>
    openid
      .given(no)
      .when(declines(later))
      .then({ type: 'openid.declined', data: { at: later } }));
  it('is not noted when it comes after a later no, or a later yes', () => {
    openid
      .given({ type: 'openid.declined', data: { at: later } })
      .when(declines(at))
      .thenNothing();
    openid
      .given({ type: 'openid.confirmed', data: { bindingId: 'alice', consentId: 'alice-1', at: later } })
      .when(declines(at))
      .thenNothing();
  });

  it('is left alone for ten minutes, then for twice as long after each further no, at most a month', () => {
    expect(after()).toBeUndefined();
    expect(after(no)).toBe('2026-01-05T09:10:00.000Z');
    expect(after(no, no)).toBe('2026-01-05T09:20:00.000Z');
    expect(after(no, no, no)).toBe('2026-01-05T09:40:00.000Z');
    expect(after(...Array.from({ length: 40 }, () => no))).toBe('2026-02-04T09:00:00.000Z');
  });
  it('may be asked again at once when they have said yes meanwhile', () =>
    expect(after(no, no, confirmed(alice))).toBeUndefined());
});
