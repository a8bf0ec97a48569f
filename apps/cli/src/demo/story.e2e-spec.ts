import { HubProcess } from '../up/hub-process';
import { HubHome, hubHome, operatorOpenid } from './hub.fixture-spec';
import { Step, story } from './story';

const startTimeoutMs = 90_000;

/** Nothing answers there: what goes to a proxy of the shell fails. */
const proxies = Object.fromEntries(
  ['http_proxy', 'https_proxy', 'grpc_proxy', 'all_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'].map((name) => [
    name,
    'http://127.0.0.1:1',
  ]),
);

describe.each([
  ['in one process, in a shell with proxies', []],
  ['with a process per service, in a shell with proxies', ['--split']],
])('the main job, %s', (_, args) => {
  let home: HubHome;
  let hub: HubProcess;
  let steps: readonly Step[];

  beforeAll(async () => {
    home = await hubHome(proxies);
    hub = await home.start(...args);
    steps = story({ hubUrl: hub.url, sandboxUrl: hub.sandboxUrl, operatorOpenid });
  }, startTimeoutMs);
  afterAll(() => home.remove());

  // The names must be known before the hub runs; they do not depend on it.
  const names = story({ hubUrl: '', sandboxUrl: '', operatorOpenid }).map(({ name }) => name);
  it.each(names.map((name, index) => [name, index] as const))('%s', async (_name, index) => {
    expect(await steps[index]!.play()).not.toBe('');
  });

  it('stops cleanly when it is asked to', async () => {
    expect(await hub.stop()).toBe(0);
  });
});
