import { chosenLanguage } from '../texts/language';
import { texts } from '../texts/texts';

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** `今天 14:05`, `yesterday 09:12`, else the date; the year only where it is another one. By the phone's clock and zone. */
export function whenText(iso: string): string {
  const [at, now] = [new Date(iso), new Date()];
  const { days } = texts().t;
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  if (at.toDateString() === now.toDateString()) return `${days.today} ${time}`;
  if (at.toDateString() === yesterday.toDateString()) return `${days.yesterday} ${time}`;
  const isThisYear = at.getFullYear() === now.getFullYear();
  const date =
    chosenLanguage() === 'en'
      ? `${at.getDate()} ${months[at.getMonth()]}${isThisYear ? '' : ` ${at.getFullYear()}`}`
      : `${isThisYear ? '' : `${at.getFullYear()}年`}${at.getMonth() + 1}月${at.getDate()}日`;
  return `${date} ${time}`;
}

const two = (number: number): string => (number < 10 ? `0${number}` : `${number}`);
