import { AttemptSlots } from './attempt-slots';

describe('the slots of tries', () => {
  const taken = (slots: AttemptSlots, tries: number, of: (i: number) => Parameters<AttemptSlots['takeFor']>) =>
    Array.from({ length: tries }, (_, i) => slots.takeFor(...of(i))).filter((giveBack) => giveBack !== undefined)
      .length;
  const ofServers = (users: number, owner: string) => (i: number) =>
    [{ personId: `${owner}-p${i % users}`, ownerId: owner }, 'bark', `https://slow-${i}.example`] as [
      { personId: string; ownerId: string },
      string,
      string,
    ];

  it('leave room for everybody else, however many slow servers two accounts name', () => {
    const slots = new AttemptSlots();
    expect(taken(slots, 40, ofServers(1, 'first'))).toBe(8);
    expect(taken(slots, 40, ofServers(1, 'second'))).toBe(8);
    expect(slots.takeFor({ personId: 'p', ownerId: 'o' }, 'bark', 'https://own.example')).toBeDefined();
    expect(slots.takeFor({ personId: 'p', ownerId: 'o' }, 'bark', undefined)).toBeDefined();
  });

  it('leave room beside one owner whose people all name slow servers', () => {
    const slots = new AttemptSlots();
    expect(taken(slots, 200, ofServers(100, 'first'))).toBe(16);
    expect(taken(slots, 200, ofServers(100, 'second'))).toBe(16);
    expect(slots.takeFor({ personId: 'p', ownerId: 'first' }, 'bark', undefined)).toBeDefined();
  });
});
