import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Actors } from './actors';
import { HubHome, hubHome, operatorOpenid } from './hub.fixture-spec';
import { bindReaders } from './load.fixture-spec';
import { story } from './story';

const readme = readFileSync(join(__dirname, '..', '..', '..', '..', 'README.md'), 'utf8');

/** The code block behind `<!-- tested: name -->`. */
function tested(name: string): string {
  const match = new RegExp(`<!-- tested: ${name} -->\\n\`\`\`\\n([\\s\\S]*?)\`\`\``).exec(readme);
  if (!match) throw new Error(`README.md has no block ${name}`);
  return match[1]!.trim();
}

describe('README.md', () => {
  let home: HubHome;
  beforeAll(async () => void (home = await hubHome()));
  afterAll(() => home.remove());

  it('shows steps that the demo plays', () => {
    const names = story({ hubUrl: '', sandboxUrl: '', operatorOpenid }).map(({ name }) => name);
    for (const line of tested('demo-output').split('\n')) {
      const [, number, rest] = /^ *(\d+)\/14 {2}(.*)$/.exec(line)!;
      expect(rest!.startsWith(`${names[Number(number) - 1]}: `)).toBe(true);
    }
  });

  it('shows a line of curl that pushes', async () => {
    const hub = await home.start();
    const [reader] = await bindReaders(new Actors({ hubUrl: hub.url, sandboxUrl: hub.sandboxUrl, operatorOpenid }), 1);
    const [, url, name, value, body] = /^curl http:\/\/localhost:3000(\S+) -H "([^:]+): ([^"]+)" -d '([^']+)'$/.exec(
      tested('curl-push'),
    )!;
    // What curl sends: a POST with the form type, which the gateway reads as JSON all the same.
    const answer = await fetch(hub.url + url!, {
      method: 'POST',
      headers: { [name!]: value!.replace('$KEY', reader!.key), 'content-type': 'application/x-www-form-urlencoded' },
      body: body!,
    });
    expect(answer.status).toBe(202);
    expect(await answer.json()).toEqual({ id: expect.any(String), status: 'accepted' });
  });
});
