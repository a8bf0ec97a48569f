import { Outage } from './outage';

describe('waiting for a provider that is away', () => {
  let nowMs: number;
  let outage: Outage;
  beforeEach(() => {
    nowMs = 1_000;
    outage = new Outage(20_000, 1_000, () => nowMs);
  });

  it('may take its whole patience while all is well', () => expect(outage.patienceEndsMs()).toBe(21_000));

  it('counts from the beginning of the outage, however many fail', () => {
    outage.failed();
    nowMs += 15_000;
    outage.failed();
    expect(outage.patienceEndsMs()).toBe(21_000);
  });

  it('gives up at once when it has lasted, but for one look a second', () => {
    outage.failed();
    nowMs += 20_000;
    expect(outage.patienceEndsMs()).toBe(nowMs);
    expect(outage.patienceEndsMs()).toBeNull();
    nowMs += 999;
    expect(outage.patienceEndsMs()).toBeNull();
    nowMs += 1;
    expect(outage.patienceEndsMs()).toBe(nowMs);
  });

  it('is over with the first answer', () => {
    outage.failed();
    nowMs += 20_000;
    outage.patienceEndsMs();
    outage.answered();
    expect(outage.patienceEndsMs()).toBe(nowMs + 20_000);
  });
});
