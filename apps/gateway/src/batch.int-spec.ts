import { batchPushesMax, chunkPushesMax } from '@hark/contracts';
import { HarkError } from '@hark/kernel';
import { until } from '@hark/testing';
import {
  appSecret,
  Asked,
  bearer,
  bindingKey,
  GatewayHarness,
  json,
  problem,
  someId,
  whileClockStands,
} from './gateway.fixture';
import { pushBatchAnswer } from './http/ask-in-parts';
import { batchBytesMax } from './http/read-body';

let hub: GatewayHarness;
afterEach(() => hub.close());

const send = (body: string, headers: Record<string, string> = bearer(appSecret)) =>
  hub.fetch('/v1/pushes/batch', { method: 'POST', headers: { ...json, ...headers }, body });
const batch = (pushes: readonly unknown[], headers?: Record<string, string>) =>
  send(JSON.stringify({ pushes }), headers);
const many = (length: number, push: object = { body: 'x' }) => Array.from({ length }, () => push);
/** As intake answers: a push without a body is wrong, any other is accepted. */
const intake = ({ data }: Asked) => {
  const results = (data.pushes as { body?: string }[]).map(({ body }) =>
    body === undefined
      ? { error: { kind: 'invalid', code: 'request.invalid', errors: [{ path: 'body', message: 'is needed' }] } }
      : { id: someId, status: 'accepted' },
  );
  return { body: { results }, position: '7-message' };
};

it('is asked for in parts, as one command, and answered one by one in the language that is wanted', async () => {
  hub = await GatewayHarness.start();
  hub.answering(intake);
  const pushes = [...many(chunkPushesMax), {}, { body: '\ud800' }];
  const headers = { ...bearer(appSecret), 'idempotency-key': 'k', 'accept-language': 'zh-CN' };
  const response = await batch(pushes, headers);
  expect(response.status).toBe(200);
  expect(response.headers.get('hark-position')).toBe('7-message');
  const { results } = pushBatchAnswer.parse(await response.json());
  expect(results).toHaveLength(pushes.length);
  expect(results[chunkPushesMax]).toMatchObject({
    error: { code: 'request.invalid', status: 400, title: '请求无效', errors: [{ path: 'body', message: '必填' }] },
  });
  // The parts are asked for at once, so either may arrive first.
  const [first, second] = hub.asked.toSorted((one, other) => Number(one.data.from) - Number(other.data.from));
  expect(first!.data).toEqual({ credential: appSecret, from: 0, pushes: many(chunkPushesMax) });
  expect(second!.data).toEqual({ credential: appSecret, from: chunkPushesMax, pushes: [{}, { body: '\ud800' }] });
  const { commandId, requestHash, requestId } = first!.request;
  expect(second!.request).toMatchObject({ commandId, requestHash, requestId });
  expect(requestHash).toBeDefined();
});

it('is refused as a whole where its frame is wrong, and when nothing of it was answered', async () => {
  hub = await GatewayHarness.start();
  const told = async (response: Promise<Response>) => problem(await response);
  const path = async (body: object) => (await told(send(JSON.stringify(body)))).errors?.[0]?.path;
  expect(await path({ pushes: [] })).toBe('pushes');
  expect(await path({ pushes: many(batchPushesMax + 1) })).toBe('pushes');
  expect(await path({ pushes: many(1), key: bindingKey })).toBe('key');
  expect(await told(batch(many(1), {}))).toMatchObject({ status: 401, code: 'credential.required' });
  expect(hub.asked).toEqual([]);

  hub.answering(intake);
  const large = 'x'.repeat(1_000);
  expect((await batch(many(1_000, { body: large }))).status).toBe(200);
  const tooLarge = batch(many(1_000, { body: large, thread: 'x'.repeat(90) }));
  expect(await told(tooLarge)).toMatchObject({ status: 413, code: 'request.too-large', max: batchBytesMax });
  hub.answering(() => {
    throw new HarkError('refused', 'key.invalid', 'no such key');
  });
  expect(await told(batch(many(200)))).toMatchObject({ status: 401, code: 'key.invalid' });
});

it('counts as the calls that it stands for', async () => {
  hub = await GatewayHarness.start({}, { HARK_RATE_PER_CALLER: '50' });
  hub.answering(intake);
  const [first, second, other] = await whileClockStands(
    async () => [await batch(many(90)), await batch(many(90)), await batch(many(90), bearer(bindingKey))] as const,
  );
  expect([first, second, other].map(({ status }) => status)).toEqual([200, 429, 200]);
  expect(first.headers.get('ratelimit')).toMatch(/^"caller";r=\d\d;/);
  expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(0);
});

it('waits for no place when it is large and there is none, and small ones pass', async () => {
  hub = await GatewayHarness.start({ largeBodiesMax: 2, largeBodiesPerAddressMax: 1 });
  let letGo = (): void => {};
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  hub.answering((asked) => gate.then(() => intake(asked)));
  const large = many(70, { body: 'x'.repeat(1_000) });
  const first = batch(large);
  await until(() => hub.asked.length === 2, { what: 'the first is at work' });
  expect(await problem(await batch(large))).toMatchObject({ status: 429, code: 'request.rate-limited' });
  const small = batch(many(1));
  await until(() => hub.asked.length === 3, { what: 'the small one is at work' });
  letGo();
  expect([(await first).status, (await small).status]).toEqual([200, 200]);
  await until(async () => (await batch(large)).status === 200, { what: 'there is a place again' });
});
