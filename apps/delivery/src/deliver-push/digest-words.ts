import { Locale } from '@hark/contracts';

/** How many messages of one app there are. */
export interface DigestLine {
  readonly name: string;
  /** Whether somebody has proved that the app is who its name says. */
  readonly verified: boolean;
  readonly count: number;
}

/** How many apps a digest names; of the others it says how many they are. */
const namedMax = 20;

/**
 * What a digest says: how many messages there are, and of whom, the most first. `isMore`: there are more than were counted.
 * `separator` stands between the apps.
 */
export function digestWords(
  lines: readonly DigestLine[],
  locale: Locale,
  separator: string,
  isMore: boolean,
): { readonly title: string; readonly body: string } {
  const counted = [...lines].sort((one, other) => other.count - one.count || (one.name < other.name ? -1 : 1));
  const [named, others] = [counted.slice(0, namedMax), counted.slice(namedMax)];
  const { title, line, rest } = words[locale];
  const total = sum(counted);
  const left = others.length === 0 ? [] : [rest(sum(others), others.length)];
  return {
    title: title(isMore ? `${total}+` : String(total), total),
    body: [...named.map(line), ...left].join(separator),
  };
}

const sum = (lines: readonly DigestLine[]): number => lines.reduce((total, { count }) => total + count, 0);

const words: Readonly<
  Record<
    Locale,
    {
      readonly title: (shown: string, total: number) => string;
      readonly line: (line: DigestLine) => string;
      readonly rest: (count: number, apps: number) => string;
    }
  >
> = {
  'zh-CN': {
    title: (shown) => `${shown} 条新消息`,
    line: ({ name, verified, count }) => `${name}${verified ? '' : '（未认证）'} ${count} 条`,
    rest: (count, apps) => `另外 ${apps} 个应用 ${count} 条`,
  },
  en: {
    title: (shown, total) => `${shown} new ${total === 1 ? 'message' : 'messages'}`,
    line: ({ name, verified, count }) => `${name}${verified ? '' : ' (unverified)'}: ${count}`,
    rest: (count, apps) => `${apps} other ${apps === 1 ? 'app' : 'apps'}: ${count}`,
  },
};
