import fc from 'fast-check';
import { MessageEvent } from '@hark/contracts';
import { specFor } from '@hark/testing';
import { MessageCommand, messageDecider } from './message.decider';

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const pushed = {
  appId: id(1),
  ownerId: id(2),
  personId: id(3),
  bindingId: id(4),
  consentId: id(5),
  bindingRevision: 0,
  content: `v1.${id(3)}.aa.bb`,
  contentHash: 'a'.repeat(64),
  priority: 'normal' as const,
  at: '2026-11-22T09:00:00.000Z',
};
const message = specFor(messageDecider);

describe('pushing', () => {
  it('accepts a push', () =>
    message
      .given()
      .when({ type: 'Push', ...pushed })
      .then({ type: 'message.pushed', data: pushed }));

  it('says nothing when the same push comes again, later and sealed anew', () =>
    message
      .given({ type: 'message.pushed', data: pushed })
      .when({ type: 'Push', ...pushed, content: `v1.${id(3)}.cc.dd`, at: '2026-11-22T09:00:05.000Z' })
      .thenNothing());

  it('refuses another content under the same id', () =>
    message
      .given({ type: 'message.pushed', data: pushed })
      .when({ type: 'Push', ...pushed, contentHash: 'b'.repeat(64) })
      .thenRefused('idempotency.mismatch'));

  it('keeps one push a stream, whatever comes', () => {
    const commands = fc.array(
      fc.record({
        contentHash: fc.constantFrom('a'.repeat(64), 'b'.repeat(64)),
        bindingId: fc.constantFrom(id(4), id(9)),
      }),
      { maxLength: 10 },
    );
    fc.assert(
      fc.property(commands, (sequence) => {
        const events: MessageEvent[] = [];
        for (const change of sequence) {
          const command: MessageCommand = { type: 'Push', ...pushed, ...change };
          const decide = () =>
            messageDecider.decide(command, events.reduce(messageDecider.evolve, messageDecider.initial));
          try {
            events.push(...decide());
            expect(decide()).toEqual([]);
          } catch (error) {
            expect(error).toMatchObject({ code: 'idempotency.mismatch' });
          }
        }
        expect(events).toHaveLength(Math.min(sequence.length, 1));
      }),
    );
  });
});
