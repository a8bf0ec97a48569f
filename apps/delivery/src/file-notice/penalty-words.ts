import { Locale } from '@hark/contracts';
import { NoticeText } from './notice-words';

interface Penalty {
  /** The app whose message was complained about. */
  readonly name: string;
  readonly points: number;
  readonly left: number;
}
interface Decision {
  readonly name: string;
  readonly isGranted: boolean;
  /** What the operator wrote to the owner. */
  readonly answer: string | undefined;
}

const penalized: Readonly<Record<Locale, (penalty: Penalty) => NoticeText>> = {
  'zh-CN': ({ name, points, left }) => ({
    title: `投诉成立：${name}`,
    body: `运营人员判定对“${name}”一条消息的投诉成立，扣除 ${points} 分，剩余 ${left} 分。由此带来的限制见“开发者”中该应用的信用一栏；如有异议，180 天内可以在那里申诉一次。`,
  }),
  en: ({ name, points, left }) => ({
    title: `A complaint was upheld: ${name}`,
    body: `An operator upheld a complaint about a message of “${name}”. It took ${points} of your points; ${left} are left. Under “Developer” the app's standing shows what that restricts; there you can appeal once, within 180 days.`,
  }),
};

/** Tells the owner of an app that a complaint about it cost them points. */
export const penalizedText = (locale: Locale, penalty: Penalty): NoticeText => penalized[locale](penalty);

const decided: Readonly<Record<Locale, (decision: Decision) => NoticeText>> = {
  'zh-CN': ({ name, isGranted, answer }) => ({
    title: `${isGranted ? '申诉通过' : '申诉驳回'}：${name}`,
    body: [
      isGranted ? '处罚已撤销，你的信用与从未受过这项处罚时一样。' : '另一位运营人员看过后维持这项处罚，不能再次申诉。',
      ...(answer === undefined ? [] : [`答复：${answer}`]),
    ].join('\n\n'),
  }),
  en: ({ name, isGranted, answer }) => ({
    title: `${isGranted ? 'Appeal granted' : 'Appeal refused'}: ${name}`,
    body: [
      isGranted
        ? 'The penalty is lifted: your standing is as if it had never been.'
        : 'Another operator looked at it, and the penalty stays. It cannot be appealed again.',
      ...(answer === undefined ? [] : [`Answer: ${answer}`]),
    ].join('\n\n'),
  }),
};

/** Tells the owner of an app what came of their appeal. */
export const appealDecidedText = (locale: Locale, decision: Decision): NoticeText => decided[locale](decision);
