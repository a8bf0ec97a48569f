import { withTimeout } from '@hark/resilience';

/** Asks one thing this service depends on whether it answers. */
export type Ask = () => boolean | Promise<unknown>;

const answerTimeoutMs = 1_000;

/**
 * The stores this service depends on and shares with others. A store that is away makes no replica unready: all would
 * be at once, and requests that do not need it could not be served either. It is reported, and requests that need it
 * answer 503.
 */
export class Dependencies {
  constructor(private readonly asks: Readonly<Record<string, Ask>>) {}

  /** Which of them answer now, each within a second at most. */
  async look(): Promise<Readonly<Record<string, boolean>>> {
    const looks = Object.entries(this.asks).map(async ([name, ask]) => [name, await replies(ask)] as const);
    return Object.fromEntries(await Promise.all(looks));
  }

  /** The names of those that do not answer. */
  async away(): Promise<string[]> {
    return Object.entries(await this.look()).flatMap(([name, up]) => (up ? [] : [name]));
  }
}

function replies(ask: Ask): Promise<boolean> {
  const asked = (async () => (await ask()) !== false)().catch(() => false);
  return withTimeout(answerTimeoutMs, asked, () => false);
}
