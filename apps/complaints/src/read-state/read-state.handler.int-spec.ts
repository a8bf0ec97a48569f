import { complaintsSubjects, StreamState } from '@hark/contracts';
import { uuid7 } from '@hark/kernel';
import { operator, refusal } from '@hark/testing';
import { ComplaintsWorld, others } from '../testing/complaints-world.fixture';

describe('the state of a stream as of one of its events', () => {
  let world: ComplaintsWorld;
  beforeAll(async () => {
    world = await ComplaintsWorld.start();
  });
  afterAll(() => world.close());

  const read = async (asked: object, by = operator()) =>
    (await world.ask<StreamState>(complaintsSubjects.readState, asked, { caller: by })).body;

  it('shows what a stream adds up to after each of its events, masked, and each look is recorded before', async () => {
    const by = operator();
    const app = await world.app();
    const complaintId = await world.complaint(app, { note: 'Marker-of-a-note' });
    await world.uphold(complaintId, 'minor', by);
    const stream = `complaint-${complaintId}`;
    const now = await read({ stream }, by);
    expect(now).toMatchObject({
      event: { type: 'complaint.upheld', revision: 1, actor: `user:${by.userId}` },
      last: 1,
      before: { is: 'open' },
      state: { is: 'upheld' },
    });
    const first = await read({ stream, revision: 0 }, by);
    expect(first).toMatchObject({ event: { type: 'complaint.complained' }, last: 1, state: { is: 'open' } });
    expect(JSON.stringify([now, first])).not.toMatch(/Marker-of-a-note|"v1\./);
    expect(await read({ stream: `standing-${app.ownerId}` }, by)).toMatchObject({ state: { points: 11 } });
    expect(await read({ stream, revision: 9 }, by)).toEqual(now);
    const looks = await world.dataOfAll<object>('audit_look');
    expect(looks.filter((look) => 'operatorId' in look && look.operatorId === by.userId)).toMatchObject([
      { stream },
      { stream, revision: 0 },
      { stream: `standing-${app.ownerId}` },
      { stream, revision: 9 },
    ]);
  });

  it('shows the state to operators, of streams that something has happened in', async () => {
    const stream = `complaint-${uuid7()}`;
    for (const caller of others)
      expect(await refusal(world.ask(complaintsSubjects.readState, { stream }, { caller }))).toMatch(/required$/);
    expect(await refusal(read({ stream }))).toBe('stream.unknown');
    for (const asked of [{}, { stream: `audit_look-${uuid7()}` }, { stream: '$all' }, { stream, revision: -1 }])
      expect(await refusal(read(asked))).toBe('request.invalid');
  });

  it('is asked of the service that decides on the stream: while that is away nothing is shown, and the look stands', async () => {
    const by = operator();
    const { appId } = await world.app();
    const stream = `app-${appId}`;
    expect(await refusal(read({ stream }, by))).toMatch(/unavailable/);
    const looks = await world.dataOfAll<object>('audit_look');
    expect(looks).toContainEqual(expect.objectContaining({ operatorId: by.userId, stream }));
  });

  it('is none of what a person wrote or is called by, whoever asks', async () => {
    const app = await world.app();
    const complaintId = await world.complaint(app, { note: 'Marker-of-a-note' });
    const { before, state, event } = await read({ stream: `complaint-${complaintId}` });
    expect(before).toEqual({ is: 'absent' });
    expect(JSON.stringify([state, event])).not.toMatch(/Marker-of-a-note|v1\.[0-9a-f-]{36}/);
  });
});
