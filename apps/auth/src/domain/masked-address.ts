/** What was looked for, so that one sees what one typed and a screen shows nobody's address: `a•••@m•••`, `oA•••`. */
export function maskedAddress(text: string): string {
  const [local = '', domain] = text.split('@');
  const [first] = local;
  if (domain === undefined) return `${[...local].slice(0, 2).join('')}•••`;
  return `${first ?? ''}•••@${[...domain][0] ?? ''}•••`;
}
