import { withTimeout } from '@hark/resilience';

/** Asks one thing this service depends on whether it answers. */
export type Ask = () => boolean | Promise<unknown>;

const answerTimeoutMs = 1_000;

/**
 * The stores this service depends on and shares with others. One of them being away makes no replica unready, or all would
 * be at once and nothing could be served that does without it: it is reported, and requests that need it answer 503.
 */
export class Dependencies {
  constructor(private readonly asks: Readonly<Record<string, Ask>>) {}

  /** Which of them answer, each asked now, for at most a second. */
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
