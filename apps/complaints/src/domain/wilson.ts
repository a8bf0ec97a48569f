/** Between which two shares the true one lies, by Wilson's score interval at 95 %. */
export interface Bounds {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** The 97.5th percentile of the normal distribution. */
const z = 1.959964;

/**
 * The share of `count` among `of`, with its bounds: few cases prove little, so the bounds are far apart. Undefined of none.
 * Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).
 */
export function wilson(count: number, of: number): Bounds | undefined {
  if (of <= 0) return undefined;
  const share = Math.min(count / of, 1);
  const middle = share + z ** 2 / (2 * of);
  const reach = z * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2));
  const whole = 1 + z ** 2 / of;
  return { share, low: Math.max(0, (middle - reach) / whole), high: Math.min(1, (middle + reach) / whole) };
}
