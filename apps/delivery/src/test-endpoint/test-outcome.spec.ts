import { SendResult } from '@hark/channels';
import { afterEvenTime, testOutcome } from './test-outcome';

const failed = (failure: string, detail = 'x') => ({ is: 'failed', class: failure, detail }) as SendResult;

describe('what a test message tells', () => {
  afterEach(() => void jest.useRealTimers());

  it.each<[SendResult, string]>([
    [{ is: 'sent' }, 'ok'],
    [failed('RECIPIENT_GONE', '410'), 'refused'],
    [failed('CONFIG', '302'), 'refused'],
    [failed('BAD_REQUEST', '400'), 'refused'],
    [failed('TRANSIENT', 'connect ECONNREFUSED'), 'unreachable'],
    [failed('TRANSIENT', '503'), 'unreachable'],
    [failed('THROTTLED', '429'), 'unreachable'],
    [{ is: 'unknown', detail: 'timeout' }, 'unreachable'],
  ])('is one of three words: %j is %s', (result, outcome) => expect(testOutcome(result)).toBe(outcome));

  it('comes no earlier for a port that refuses at once than for one that never answers', async () => {
    jest.useFakeTimers();
    const told: string[] = [];
    void afterEvenTime(30, Promise.resolve(failed('TRANSIENT'))).then(() => told.push('refused port'));
    void afterEvenTime(30, new Promise<SendResult>(() => undefined)).then(({ is }) => told.push(`silent: ${is}`));
    void afterEvenTime(30, Promise.reject(new Error('bug'))).then(({ is }) => told.push(`bug: ${is}`));
    await jest.advanceTimersByTimeAsync(29);
    expect(told).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(told).toEqual(['refused port', 'silent: unknown', 'bug: unknown']);
  });
});
