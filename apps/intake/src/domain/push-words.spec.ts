import { fileOnlyReasons } from '@hark/gate';
import { lineWords, reasonWords, wordsFor } from './push-words';

const told = [
  ...['pushed', 'scheduled', 'edited', 'fired', 'recalled', 'expired'].map((verb) => `message.${verb}`),
  ...['passed', 'held', 'blocked', 'approved', 'rejected', 'deferred'].map((verb) => `moderation.${verb}`),
  ...[
    'decided',
    'filed',
    'replaced',
    'attempted',
    'sent',
    'failed',
    'unknown',
    'deferred',
    'postponed',
    'passed-on',
  ].map((verb) => `delivery.${verb}`),
  ...['suppressed', 'taken-back', 'left-shown', 'finished'].map((verb) => `delivery.${verb}`),
  ...['acknowledged', 'action-taken'].map((verb) => `inbox_item.${verb}`),
];
const at = '2026-11-22T09:00:00.000Z';

describe('the words for senders', () => {
  it.each(told)('say in both languages what %s means', (event) => {
    const [zh, en] = [lineWords({ event, at }, 'zh-CN')!, lineWords({ event, at }, 'en')!];
    expect(zh).toMatch(/\p{Script=Han}/u);
    expect(en).toMatch(/^[\x20-\x7e]+$/);
  });

  it.each([
    ...fileOnlyReasons,
    ...['unbound', 'blocked-by-user', 'app-banned', 'app-suspended', 'level-none', 'expired', 'person-erased'],
    ...['BAD_REQUEST', 'RECIPIENT_GONE', 'RECIPIENT_REFUSED', 'AUTH_REFRESH', 'CONFIG', 'THROTTLED', 'QUOTA_DAY'],
    ...['TRANSIENT', 'UNKNOWN_OUTCOME', 'interrupted', 'redirected', 'hub-refused', 'busy', 'not-needed'],
    ...['not-possible', 'replaced', 'link-left-out', 'moderation.fraud', 'moderation.anything'],
  ])('say what the reason %s means', (reason) => {
    expect(reasonWords(reason, 'zh-CN')).toMatch(/\p{Script=Han}/u);
    expect(reasonWords(reason, 'en')).toMatch(/^[\x20-\x7e]+$/);
  });

  it('join what happened and why; an action’s own id, or a reason to come, is left to its code', () => {
    const failed = { event: 'delivery.failed', at, detail: 'THROTTLED', channel: 'bark' };
    expect(lineWords(failed, 'en')).toBe('Not sent: the channel asks to be left alone for a while');
    expect(lineWords({ event: 'moderation.blocked', at, detail: 'fraud' }, 'zh-CN')).toBe('内容审核未通过：欺诈');
    expect(reasonWords('moderation.fraud', 'en')).toBe('its text did not pass: fraud');
    expect(lineWords({ event: 'inbox_item.action-taken', at, detail: 'ok' }, 'zh-CN')).toBe('用户点按了按钮');
    expect(wordsFor('held', 'moderation.politics', 'en')).toEqual({
      reasonText: 'its text waits for an operator: politics',
    });
    expect(wordsFor('blocked', 'moderation.politics', 'zh-CN')).toEqual({ reasonText: '内容审核未通过：涉政' });
    expect(reasonWords('of-tomorrow', 'en')).toBeUndefined();
    expect(lineWords({ event: 'delivery.of-tomorrow', at }, 'en')).toBeUndefined();
  });
});
