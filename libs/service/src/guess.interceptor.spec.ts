import type { Reflector } from '@nestjs/core';
import type { Logger } from '@hark/kernel';
import { GuessInterceptor } from './guess.interceptor';
import type { GuessLimits } from './guess-limits';

describe('the sweep of old tries', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('is begun once, though Nest begins a global interceptor twice, and is over when the service ends', () => {
    const swept = jest.fn(() => Promise.resolve());
    const interceptor = new GuessInterceptor({} as Reflector, { sweep: swept } as unknown as GuessLimits, {} as Logger);
    interceptor.onModuleInit();
    interceptor.onModuleInit();
    jest.advanceTimersByTime(60_000);
    expect(swept).toHaveBeenCalledTimes(1);
    interceptor.onModuleDestroy();
    expect(jest.getTimerCount()).toBe(0);
  });
});
