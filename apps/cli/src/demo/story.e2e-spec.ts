import { HubProcess } from '../up/hub-process';
import { HubHome, hubHome, operatorOpenid } from './hub.fixture-spec';
import { Step, story } from './story';

const startTimeoutMs = 90_000;

describe.each([
  ['in one process', []],
  ['with a process per service', ['--split']],
])('the main job, %s', (_, args) => {
  let home: HubHome;
  let hub: HubProcess;
  let steps: readonly Step[];

  beforeAll(async () => {
    home = await hubHome();
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
