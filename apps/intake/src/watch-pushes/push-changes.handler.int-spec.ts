import { changeSubjects, intakeSubjects, PushChanges } from '@hark/contracts';
import { refusal, until } from '@hark/testing';
import { IntakeWorld } from '../testing/intake-world.fixture';

describe('what becomes of pushes', () => {
  it('is told to their app, to a key of its own binding only, and by a notice to those who wait', async () => {
    const world = await IntakeWorld.start();
    try {
      const app = await world.app();
      const [ann, bob] = [await world.bind(app), await world.bind(app)];
      const changes = async (credential: string, after?: string) =>
        (
          await world.ask<PushChanges>(
            intakeSubjects.pushChanges,
            { credential, ...(after !== undefined && { after }) },
            { caller: { kind: 'app', roles: [] } },
          )
        ).body;
      const told = ({ changes }: PushChanges) => changes.map(({ data }) => `${data.id} ${data.status}`);
      const heard: string[] = [];
      const watched = world.harness.requests.connection.subscribe(changeSubjects.pushes, {
        callback: (_, message) => void heard.push(message.string()),
      });
      const begin = (await changes(app.secret)).next;
      const first = await world.push({ credential: ann.key, body: 'x' });
      const second = await world.push({ credential: bob.key, body: 'x' });
      await world.list({ credential: app.secret }, { position: second.position! });
      const [a, b] = [first.body.id, second.body.id];
      const all = await changes(app.secret, begin);
      expect(told(all)).toEqual([`${a} moderating`, `${b} moderating`]);
      expect(told(await changes(bob.key, begin))).toEqual([`${b} moderating`]);
      expect(told(await changes((await world.app()).secret, begin))).toEqual([]);
      await world.recall(ann.key, a);
      await until(async () => told(await changes(app.secret, all.next)).join() === `${a} recalled`, {
        what: 'the change of the first',
      });
      await until(() => heard.some((notice) => notice.includes(app.appId)), { what: 'a notice' });
      expect(await refusal(changes(`${app.secret.slice(0, -2)}xx`))).toBe('key.invalid');
      watched.unsubscribe();
    } finally {
      await world.close();
    }
  });
});
