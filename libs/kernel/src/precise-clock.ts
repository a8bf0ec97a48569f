/** Now, in milliseconds since 1970 with fractions; comparable between processes of one machine. Never shifted. */
export const preciseNowMs = (): number => performance.timeOrigin + performance.now();
