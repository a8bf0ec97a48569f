import * as fc from 'fast-check';
import { BindingRequestEvent, eventSchemas } from '@hark/contracts';
import { plusMs } from '@hark/kernel';
import { specFor } from '@hark/testing';
import { BindingRequestCommand, bindingRequestDecider, openRequest } from './binding-request.decider';

const at = '2026-01-05T09:00:00.000Z';
const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const [appId, ann, ben, bindingId, consentId, otherApp] = [1, 2, 3, 4, 5, 6].map(id) as [
  string,
  string,
  string,
  string,
  string,
  string,
];
const asked = `v1.${id(7)}.aaaa.bbbb`;
const [codeHash, otherHash] = ['1', '2'].map((digit) => digit.repeat(64)) as [string, string];
const challenge = 'c'.repeat(43);
const terms = { version: 1, zh: '3'.repeat(64), en: '4'.repeat(64) };
const wording = { version: 1, language: 'en', hash: terms.en, presented: true, text: asked } as const;

const open = { type: 'Open', appId, asked, redirectUri: 'https://a.example/', terms, at } as const;
const approve = { type: 'Approve', personId: ann, bindingId, consentId, wording, codeHash, at } as const;
const decline = { type: 'Decline', personId: ann, at } as const;
const exchange = { type: 'Exchange', appId, codeHash, exchangeId: id(8), at } as const;
const { type: _, at: __, ...openData } = open;
const opened: BindingRequestEvent = {
  type: 'binding_request.opened',
  data: { ...openData, expiresAt: plusMs(at, 600_000), at },
};
const challenged: BindingRequestEvent = { ...opened, data: { ...opened.data, codeChallenge: challenge } };
const approved: BindingRequestEvent = {
  type: 'binding_request.approved',
  data: { personId: ann, bindingId, consentId, wording, codeHash, codeExpiresAt: plusMs(at, 60_000), at },
};
const declined: BindingRequestEvent = { type: 'binding_request.declined', data: { personId: ann, at } };
const exchanged: BindingRequestEvent = { type: 'binding_request.exchanged', data: { exchangeId: id(8), at } };
const expired: BindingRequestEvent = { type: 'binding_request.expired', data: { at: plusMs(at, 600_000) } };
const request = specFor(bindingRequestDecider);
const lastMs = 599_999;

describe('a request for consent', () => {
  it('is opened for ten minutes, once', () => {
    request.given().when(open).then(opened);
    request.given(opened).when(open).thenNothing();
  });

  it('is decided by one person, once', () => {
    request.given(opened).when(approve).then(approved);
    request.given(opened).when(decline).then(declined);
    request.given(opened, approved).when(approve).thenNothing();
    request.given(opened, approved, exchanged).when(approve).thenNothing();
    request.given(opened, declined).when(decline).thenNothing();
    for (const past of [approved, declined]) {
      request
        .given(opened, past)
        .when({ ...approve, personId: ben })
        .thenRefused('binding-request.settled');
      request
        .given(opened, past)
        .when({ ...decline, personId: ben })
        .thenRefused('binding-request.settled');
    }
    request.given(opened, approved).when(decline).thenRefused('binding-request.settled');
    request.given(opened, declined).when(approve).thenRefused('binding-request.settled');
  });

  it('is over after ten minutes, whether anybody noted it or not', () => {
    request
      .given(opened)
      .when({ ...approve, at: plusMs(at, lastMs) })
      .then({
        ...approved,
        data: { ...approved.data, at: plusMs(at, lastMs), codeExpiresAt: plusMs(at, lastMs + 60_000) },
      });
    for (const command of [approve, decline]) {
      request
        .given(opened)
        .when({ ...command, at: plusMs(at, 600_000) })
        .thenRefused('binding-request.expired');
      request.given(opened, expired).when(command).thenRefused('binding-request.expired');
      request.given().when(command).thenRefused('binding-request.unknown');
    }
  });

  it('expires in its time, and not when somebody has decided', () => {
    const expire = { type: 'Expire', at: plusMs(at, 600_000) } as const;
    request.given(opened).when(expire).then(expired);
    request
      .given(opened)
      .when({ ...expire, at: plusMs(at, lastMs) })
      .thenNothing();
    for (const past of [approved, declined, expired]) request.given(opened, past).when(expire).thenNothing();
    request.given().when(expire).thenNothing();
  });

  it('gives no code when nobody is sent back', () => {
    const { codeHash: _code, ...plain } = approve;
    const { codeHash: _hash, codeExpiresAt: _until, ...data } = approved.data as Record<string, unknown>;
    request
      .given(opened)
      .when(plain)
      .then({ ...approved, data } as never);
  });

  it('refuses to be looked at as open when it is not', () => {
    const after = (...events: BindingRequestEvent[]) =>
      events.reduce(bindingRequestDecider.evolve, bindingRequestDecider.initial);
    expect(openRequest(after(opened), at)).toMatchObject({ is: 'open' });
    expect(() => openRequest(after(opened, expired), at)).toThrow('over');
    expect(() => openRequest(after(opened, approved), at)).toThrow('decided');
  });
});

describe('a code', () => {
  it('is traded once', () => {
    request.given(opened, approved).when(exchange).then(exchanged);
    request.given(opened, approved, exchanged).when(exchange).thenNothing();
    request
      .given(opened, approved, exchanged)
      .when({ ...exchange, exchangeId: id(9) })
      .thenRefused('binding-request.code-invalid');
  });

  it.each<[string, Partial<typeof exchange> & { challenge?: string }, BindingRequestEvent[]]>([
    ['another app', { appId: otherApp }, [opened, approved]],
    ['another code', { codeHash: otherHash }, [opened, approved]],
    ['a minute later', { at: plusMs(at, 60_000) as typeof at }, [opened, approved]],
    ['without the verifier', {}, [challenged, approved]],
    ['with another verifier', { challenge: 'd'.repeat(43) }, [challenged, approved]],
    ['with a verifier nobody asked for', { challenge }, [opened, approved]],
    ['before anybody agreed', {}, [opened]],
    ['after a no', {}, [opened, declined]],
    ['after the time', {}, [opened, expired]],
    ['of nothing', {}, []],
  ])('is not traded by %s', (_what, change, past) =>
    request
      .given(...past)
      .when({ ...exchange, ...change })
      .thenRefused('binding-request.code-invalid'),
  );

  it('is traded with the verifier of its challenge, in the last millisecond', () =>
    request
      .given(challenged, approved)
      .when({ ...exchange, challenge, at: plusMs(at, 59_999) })
      .then({ ...exchanged, data: { exchangeId: id(8), at: plusMs(at, 59_999) } }));
});

it('whatever is asked of it, it is decided at most once and traded at most once, and only after a yes', () => {
  const command = fc.oneof(
    fc.constantFrom<BindingRequestCommand>(open, approve, decline, exchange, { type: 'Expire', at }),
    fc.constantFrom<BindingRequestCommand>({ ...approve, personId: ben }, { ...exchange, appId: otherApp }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(command, fc.nat(700_000)), { maxLength: 20 }), (sequence) => {
      let state = bindingRequestDecider.initial;
      const types: string[] = [];
      for (const [asking, ms] of sequence) {
        try {
          for (const event of bindingRequestDecider.decide({ ...asking, at: plusMs(at, ms) }, state)) {
            expect(eventSchemas[event.type]!.safeParse(event.data).success).toBe(true);
            types.push(event.type.split('.')[1]!);
            state = bindingRequestDecider.evolve(state, event);
          }
        } catch (error) {
          expect(error).toHaveProperty('code');
        }
      }
      expect(types.join(' ')).toMatch(/^(opened( (declined|expired|approved( exchanged)?))?)?$/);
    }),
  );
});
