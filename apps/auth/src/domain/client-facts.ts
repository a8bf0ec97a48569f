/**
 * The network that an address lies in: `203.0.113.0/24`, `2001:db8:1::/48`. Enough to tell one place from another, too little
 * to name a household.
 */
export function networkOf(address: string): string {
  const four = /(?:^|^::ffff:)(\d+)\.(\d+)\.(\d+)\.\d+$/i.exec(address);
  if (four) return `${four[1]}.${four[2]}.${four[3]}.0/24`;
  const first = sixGroups(address).slice(0, 3);
  while (first.at(-1) === '0') first.pop();
  return `${first.join(':')}::/48`;
}

/** What one subscriber has of an address: IPv4 the whole, IPv6 its first 64 bits. Limits count by it. */
export function sourceOf(address: string): string {
  const four = /(?:^|^::ffff:)(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  return four ?? sixGroups(address).slice(0, 4).join(':');
}

/** The eight groups of an IPv6 address. */
function sixGroups(address: string): string[] {
  const [head = '', tail = ''] = address.toLowerCase().split('::');
  const [before, after] = [head, tail].map((part) => (part === '' ? [] : part.split(':'))) as [string[], string[]];
  return [...before, ...Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0'), ...after];
}

// In this order: most browsers also name the ones they descend from.
const programs: readonly (readonly [RegExp, string])[] = [
  [/MicroMessenger\/(\d+)/, 'WeChat'],
  [/\bEdgA?\/(\d+)/, 'Edge'],
  [/\b(?:OPR|Opera)\/(\d+)/, 'Opera'],
  [/\bSamsungBrowser\/(\d+)/, 'Samsung Internet'],
  [/\bQQBrowser\/(\d+)/, 'QQ Browser'],
  [/\b(?:Firefox|FxiOS)\/(\d+)/, 'Firefox'],
  [/\b(?:Chrome|CriOS)\/(\d+)/, 'Chrome'],
  [/\bVersion\/(\d+)[\d.]* (?:Mobile\/\w+ )?Safari\//, 'Safari'],
  [/^curl\/(\d+)/, 'curl'],
];
const systems: readonly (readonly [RegExp, string])[] = [
  [/HarmonyOS|OpenHarmony/, 'HarmonyOS'],
  [/Android/, 'Android'],
  [/iPad/, 'iPadOS'],
  [/iPhone|iPod/, 'iOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux/, 'Linux'],
];

/** The device as its owner may know it again, such as `Chrome 131, Windows`; undefined when nothing is known of it. */
export function deviceOf(userAgent: string | undefined): string | undefined {
  if (userAgent === undefined) return undefined;
  const program = programs.flatMap(([pattern, name]) => {
    const version = pattern.exec(userAgent)?.[1];
    return version === undefined ? [] : [`${name} ${version}`];
  })[0];
  const system = systems.find(([pattern]) => pattern.test(userAgent))?.[1];
  return [program, system].filter((part) => part !== undefined).join(', ') || undefined;
}
