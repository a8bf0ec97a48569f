import * as fc from 'fast-check';
import { chunkPushesMax, parse, PushBatchReply, pushBody, Reply } from '@hark/contracts';
import { HarkError } from '@hark/kernel';
import { payloadBytesMax } from '@hark/nats';
import { RouteInput } from '../routes/route';
import { askInParts, Part, partBytesMax, partsOf } from './ask-in-parts';
import { problemOf } from './problem';
import { bodyBytesMax } from './read-body';

const unavailable = new HarkError('unavailable', 'request.timeout', '', { extra: { retryAfter: 1 } });
const told = (error: unknown) => problemOf(error, 'request-1', 'en');
const numbered = (count: number) => Array.from({ length: count }, (_, index) => index);

/** What a batch of `pushes` is answered when the service answers each part like this. */
const answer = (
  pushes: readonly unknown[],
  service: (part: Part, number: number) => Omit<Reply<PushBatchReply>, 'body'>,
) => {
  let number = 0;
  const ask = async ({ body }: RouteInput): Promise<Reply<PushBatchReply>> => {
    const part = body as unknown as Part;
    const results = part.pushes.map((push) => ({ id: String(push), status: 'accepted' as const }));
    return { body: { results }, ...service(part, number++) };
  };
  return askInParts({ params: {}, query: {}, body: { pushes }, publicUrl: '' }, ask, told);
};

describe('a batch', () => {
  it('is cut into parts that hold all of it in order, and none more than it may', () => {
    const push = fc.oneof(
      fc.constant('x'),
      fc.integer({ min: 0, max: bodyBytesMax + 10 }).map((size) => 'x'.repeat(size)),
    );
    fc.assert(
      fc.property(fc.array(push, { minLength: 1, maxLength: 200 }), (pushes) => {
        const parts = partsOf(pushes);
        expect(parts.flatMap((part) => part.pushes)).toEqual(pushes);
        let place = 0;
        for (const { from, pushes: held, tooLarge } of parts) {
          expect(from).toBe(place);
          place += held.length;
          const sizes = held.map((one) => Buffer.byteLength(JSON.stringify(one)));
          expect(held.length).toBeLessThanOrEqual(chunkPushesMax);
          expect(sizes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(partBytesMax);
          expect(sizes.some((size) => size > bodyBytesMax)).toBe(tooLarge === true);
        }
      }),
      { numRuns: 50 },
    );
    expect(partsOf(numbered(1_000))).toHaveLength(Math.ceil(1_000 / chunkPushesMax));
  });

  it('has answers that fit a message of NATS, were every push of a part wrong in every place', () => {
    const wrong = Object.fromEntries(numbered(30).map((index) => [`${index}${'\u0001'.repeat(100)}`, 1]));
    let errors: readonly unknown[] = [];
    try {
      parse(pushBody, wrong);
    } catch (error) {
      errors = (error as HarkError).detail.errors ?? [];
    }
    expect(errors.length).toBeGreaterThan(10);
    const part = numbered(chunkPushesMax).map(() => ({ error: { kind: 'invalid', code: 'request.invalid', errors } }));
    expect(Buffer.byteLength(JSON.stringify(part))).toBeLessThan(payloadBytesMax);
  });

  it('is asked for all at once and answered in order', async () => {
    const begun: number[] = [];
    const pushes = numbered(chunkPushesMax * 3);
    const { body, position, replayed } = await answer(pushes, ({ from }, number) => {
      begun.push(from);
      return { position: `${[7, 12, 9][number]}-message` };
    });
    expect(begun).toEqual([0, chunkPushesMax, chunkPushesMax * 2]);
    expect(body.results).toEqual(pushes.map((push) => ({ id: String(push), status: 'accepted' })));
    expect(position).toBe('12-message');
    expect(replayed).toBeUndefined();
  });

  it('gives the error of a part without an answer to each push in it', async () => {
    const { body } = await answer(numbered(chunkPushesMax + 1), (_, number) => {
      if (number === 0) throw unavailable;
      return {};
    });
    const error = { code: 'request.timeout', status: 503, retryAfter: 1, detail: expect.stringContaining('Repeat') };
    expect(body.results.slice(0, -1)).toEqual(
      numbered(chunkPushesMax).map(() => ({ error: expect.objectContaining(error) as unknown })),
    );
    expect(body.results.at(-1)).toEqual({ id: String(chunkPushesMax), status: 'accepted' });
  });

  it('fails as a whole when no part is answered', async () => {
    const failing = answer(numbered(chunkPushesMax + 1), () => {
      throw unavailable;
    });
    await expect(failing).rejects.toBe(unavailable);
  });

  it('tells of one push that is too large by itself, and asks for the others', async () => {
    const { body } = await answer(['a', 'x'.repeat(bodyBytesMax), 'b'], () => ({}));
    expect(body.results).toEqual([
      { id: 'a', status: 'accepted' },
      { error: expect.objectContaining({ code: 'request.too-large', max: bodyBytesMax }) as unknown },
      { id: 'b', status: 'accepted' },
    ]);
  });

  it.each<[string, readonly Omit<Reply<unknown>, 'body'>[], true | undefined]>([
    [
      'all parts are',
      [
        { position: '1-message', replayed: true },
        { position: '2-message', replayed: true },
      ],
      true,
    ],
    ['those with something accepted are', [{ position: '1-message', replayed: true }, {}], true],
    ['only one is', [{ position: '1-message', replayed: true }, { position: '2-message' }], undefined],
    ['nothing was accepted', [{}, {}], undefined],
  ])('is a replay when %s', async (_, replies, expected) => {
    const { replayed } = await answer(numbered(chunkPushesMax + 1), (__, number) => replies[number]!);
    expect(replayed).toBe(expected);
  });
});
