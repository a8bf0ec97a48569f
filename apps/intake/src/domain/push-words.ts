import { Locale, TimelineEntry } from '@hark/contracts';
import { DeferReason, FileOnlyReason, HoldReason, RefuseReason } from '@hark/gate';

type Words = readonly [zh: string, en: string];

/** Why a push did not go all the way: what the gate said, and then what its sender can know of its endpoints. */
const gateReasons: Readonly<Record<RefuseReason | HoldReason | FileOnlyReason | DeferReason, Words>> = {
  'no-binding': ['没有这个授权', 'nobody has granted this'],
  'person-erased': ['用户已注销', 'the person has been erased'],
  unbound: ['用户已解绑', 'the person has unbound the app'],
  'blocked-by-user': ['用户已拉黑该应用', 'the person has blocked the app'],
  'level-none': ['用户设为不提醒', 'the person wants nothing of the app'],
  'app-deleted': ['应用已删除', 'the app has been deleted'],
  'app-banned': ['应用已被封禁', 'the app is banned'],
  'app-suspended': ['应用被临时封禁', 'the app is suspended'],
  expired: ['已过有效期', 'its time is over'],
  recalled: ['已被发送方撤回', 'its sender took it back'],
  moderation: ['内容审核未通过', 'its text did not pass'],
  'verdict-missing': ['等待内容审核', 'its text is still to be judged'],
  'verdict-held': ['等待人工审核', 'its text waits for an operator'],
  muted: ['用户开启了免打扰，只进收件箱', 'the person has muted the app; inbox only'],
  weak: ['用户设为弱提醒，只进收件箱', 'the person wants the app silent; inbox only'],
  'no-channel': ['用户没有可用通道，只进收件箱', 'the person has no channel for it; inbox only'],
  'daily-cap': ['超过用户设定的每日上限，只进收件箱', "over the person's daily cap; inbox only"],
  'app-throttled': ['应用被限流，只进收件箱', 'the app is throttled; inbox only'],
  digest: ['用户把消息汇总提醒', 'the person hears of messages together'],
  'quiet-hours': ['用户处于安静时段', "the person's quiet hours"],
};

const channelReasons: Readonly<Record<string, Words>> = {
  BAD_REQUEST: ['通道无法发送这条内容', 'the channel cannot carry it'],
  RECIPIENT_GONE: ['对方设备或地址已失效', 'the device or address is gone'],
  RECIPIENT_REFUSED: ['对方拒收或空间已满', 'the recipient does not take it'],
  AUTH_REFRESH: ['通道登录已过期，将重试', 'the channel needs a new log-in'],
  CONFIG: ['通道设置有误', 'the channel is set up wrongly'],
  THROTTLED: ['通道限流，稍后再试', 'the channel asks to be left alone for a while'],
  QUOTA_DAY: ['通道当日额度已用完', "the channel's quota of the day is used up"],
  TRANSIENT: ['通道暂时不可用', 'the channel is away for the moment'],
  UNKNOWN_OUTCOME: ['通道没有应答，结果未知', 'the channel did not answer; nobody knows whether it arrived'],
  interrupted: ['发送中断，结果未知', 'cut off; nobody knows whether it arrived'],
  redirected: ['通道服务器要求跳转，已拒绝', 'its server redirects, which is not followed'],
  'not-found': ['通道服务器回答地址不存在（404）', 'its server answers that there is nothing at this address (404)'],
  'hub-refused': [
    '通道拒绝了 Hark 本身，运营方会处理',
    'the channel refuses the hub itself, whose operator has to mend it',
  ],
  busy: ['排队中，尚未发出', 'no room yet; nothing was sent'],
  read: ['用户在提醒之前已读', 'the person had read it before it rang'],
  acknowledged: ['已有人确认知晓', 'somebody said that they know'],
  'same-person': ['是同一个用户', 'it is the same person'],
  'binding.unknown': ['没有这个授权', 'nobody has granted this'],
  'binding.ended': ['用户已解绑', 'the person has unbound the app'],
  'binding.refused': ['用户拒收', 'the person wants nothing of the app'],
  'binding.unconfirmed': ['应用尚未确认该用户', 'the app has not confirmed the person'],
  'app.suspended': ['应用被临时封禁', 'the app is suspended'],
  'app.banned': ['应用已被封禁', 'the app is banned'],
  'push.rate-limited': ['推送过于频繁', 'too many pushes to that person'],
  'not-needed': ['前面的通道已送达', 'a channel before it took the push'],
  'not-possible': ['该通道不支持撤回', 'what this channel has sent cannot be taken back'],
  replaced: ['已被同一 collapseId 的后一条替换', 'a later push of the same collapseId has taken its place'],
  'link-left-out': ['通道无法携带链接，已省略', 'without its link, which the channel could not carry'],
};

const labels: Readonly<Record<string, Words>> = {
  ads: ['广告', 'advertising'],
  fraud: ['欺诈', 'fraud'],
  porn: ['色情', 'pornography'],
  abuse: ['辱骂', 'abuse'],
  illegal: ['违法', 'illegal'],
  politics: ['涉政', 'politics'],
  vulgar: ['低俗', 'vulgar'],
  copyright: ['侵权', 'copyright'],
  other: ['其他', 'something else'],
  'too-long': ['过长', 'too long'],
  unavailable: ['审核服务暂不可用', 'the judge was away'],
};

const events: Readonly<Record<string, Words>> = {
  'message.pushed': ['已接受', 'Accepted'],
  'message.scheduled': ['已排期', 'Scheduled'],
  'message.edited': ['已修改', 'Changed by its sender'],
  'message.fired': ['预定时间已到', 'Its time has come'],
  'message.recalled': ['已撤回', 'Taken back by its sender'],
  'message.escalation-dropped': ['未转给下一位', 'Not passed on to the next person'],
  'message.expired': ['已过有效期', 'Its time is over'],
  'moderation.passed': ['内容审核通过', 'Its text passed'],
  'moderation.held': ['转人工审核', 'Its text waits for an operator'],
  'moderation.blocked': ['内容审核未通过', 'Its text did not pass'],
  'moderation.approved': ['人工审核通过', 'An operator let it pass'],
  'moderation.rejected': ['人工审核未通过', 'An operator rejected it'],
  'moderation.deferred': ['稍后重新审核', 'Its text is judged again later'],
  'delivery.decided': ['已确定送达方式', 'Decided how it goes'],
  'delivery.filed': ['已进入收件箱', 'In the inbox'],
  'delivery.replaced': ['收件箱内容已更新', 'The text in the inbox has changed'],
  'delivery.attempted': ['正在发送', 'Being sent'],
  'delivery.sent': ['通道已接收', 'The channel took it'],
  'delivery.failed': ['发送失败', 'Not sent'],
  'delivery.unknown': ['结果未知', 'Nobody knows whether it arrived'],
  'delivery.deferred': ['稍后再试', 'Tried again later'],
  'delivery.postponed': ['推迟送达', 'Put off'],
  'delivery.passed-on': ['改用下一个通道', 'The next channel has its turn'],
  'delivery.digested': ['已随汇总提醒', 'Told together with others'],
  'delivery.suppressed': ['不再发送', 'Not sent any more'],
  'delivery.reminded': ['再次提醒', 'Said again'],
  'delivery.follow-up-dropped': ['不再继续提醒', 'Not followed up any more'],
  'delivery.escalated': ['无人确认，转给下一位', 'Nobody acknowledged it: passed on to the next person'],
  'delivery.acknowledged': ['已有人确认知晓', 'Somebody says that they know'],
  'delivery.taken-back': ['已从手机撤下', 'Taken off the phone'],
  'delivery.left-shown': ['手机上仍会显示', 'Still shown there'],
  'delivery.finished': ['结束', 'Done'],
  'inbox_item.acknowledged': ['用户已确认知晓', 'Its person says that they know'],
  'inbox_item.action-taken': ['用户点按了按钮', 'Its person pressed a button'],
};

/**
 * What a stable reason means, for people; undefined for one without words. A text that is held has not been refused yet,
 * whatever it is held for.
 */
export function reasonWords(reason: string, locale: Locale, isHeld = false): string | undefined {
  const [, label] = /^moderation\.(.+)$/.exec(reason) ?? [];
  if (label !== undefined) {
    const of = labels[label];
    const did = said(gateReasons[isHeld ? 'verdict-held' : 'moderation'], locale);
    return of ? joined(did, said(of, locale), locale) : did;
  }
  const words = (gateReasons as Readonly<Record<string, Words>>)[reason] ?? channelReasons[reason];
  return words && said(words, locale);
}

/** The field with those words, where there are any. */
export function wordsFor(status: string, reason: string | null, locale: Locale): { readonly reasonText?: string } {
  const reasonText = reason === null ? undefined : reasonWords(reason, locale, status === 'held');
  return reasonText === undefined ? {} : { reasonText };
}

/** What a line of the timeline tells, for people; undefined for an event without words. */
export function lineWords({ event, detail }: TimelineEntry, locale: Locale): string | undefined {
  const words = events[event];
  if (!words) return undefined;
  const label = event.startsWith('moderation.') && detail !== undefined ? labels[detail] : undefined;
  const why = label ? said(label, locale) : detail === undefined ? undefined : reasonWords(detail, locale);
  return why === undefined ? said(words, locale) : joined(said(words, locale), why, locale);
}

const said = ([zh, en]: Words, locale: Locale): string => (locale === 'en' ? en : zh);

const joined = (what: string, why: string, locale: Locale): string =>
  locale === 'en' ? `${what}: ${why}` : `${what}：${why}`;
