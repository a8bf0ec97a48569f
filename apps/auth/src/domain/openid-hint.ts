const dots = '••••';

/** An openid as somebody sees it who should only recognise their own: its ends, where it is long enough to hide behind. */
export function openidHint(openid: string): string {
  const letters = [...openid];
  const shown = letters.length >= 10 ? 2 : letters.length >= 5 ? 1 : 0;
  return letters.slice(0, shown).join('') + dots + (shown === 0 ? '' : letters.slice(-shown).join(''));
}
