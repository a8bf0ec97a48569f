import { deviceStates } from '../bark/bark-devices';
import { faultModes } from '../control/faults';
import { providers } from '../control/journal';
import { suggestions } from '../wechat/content-check';
import { both, escapeHtml } from './html';

/** One control call with a button. */
interface Action {
  readonly call: string;
  readonly label: readonly [zh: string, en: string];
  readonly about: readonly [zh: string, en: string];
  readonly fields: readonly string[];
  /** What is shown when it worked, `{member}` filled from the answer; the whole answer when there is none. */
  readonly says?: string;
}

const text = (name: string, value = '', more = 'required'): string =>
  `<label>${name} <input name="${name}" value="${escapeHtml(value)}" maxlength="256" ${more}></label>`;
const number = (name: string, value: string, min: number, max: number): string =>
  `<label>${name} <input name="${name}" type="number" value="${value}" min="${min}" max="${max}"></label>`;
const choice = (name: string, values: readonly string[]): string =>
  `<label>${name} <select name="${name}">${values.map((value) => `<option>${value}</option>`).join('')}</select></label>`;

const actions = (hubUrl: string): readonly Action[] => [
  {
    call: '/control/wechat/codes',
    label: ['生成登录 code', 'Mint a log-in'],
    about: ['相当于在微信里 wx.login;5 分钟内用一次。', 'What wx.login gives in WeChat: once, within 5 minutes.'],
    fields: [text('openid', 'o-me')],
    says: `curl ${hubUrl}/v1/sessions -d '{"provider": "wechat", "code": "{code}"}'`,
  },
  {
    call: '/control/bark/devices',
    label: ['添加手机', 'Add a phone'],
    about: ['一部装了 Bark 的手机；把 key 加为通道。', 'A phone with Bark: add its key as an endpoint.'],
    fields: [choice('state', deviceStates)],
    says: `{deviceKey}  →  POST ${hubUrl}/v1/endpoints {"kind": "bark", "deviceKey": "{deviceKey}"}`,
  },
  {
    call: '/control/wechat/verdicts',
    label: ['设置内容审核结果', 'Set a verdict'],
    about: ['微信如何判定含有这些字的文本。', 'What WeChat says of texts that contain this.'],
    fields: [text('contains'), choice('suggest', suggestions), number('label', '20001', 0, 99_999)],
  },
  {
    call: '/control/wechat/subscriptions',
    label: ['增加订阅消息额度', 'Grant WeChat reminders'],
    about: ['用户同意接收的订阅消息次数。', 'How many subscribe messages a person agreed to.'],
    fields: [text('openid', 'o-me'), text('templateId'), number('count', '1', 1, 1_000_000)],
  },
  {
    call: '/control/faults',
    label: ['制造故障', 'Make a provider fail'],
    about: [
      'ok 恢复正常。match 只影响包含该文本的路径或收件人。',
      'ok ends it. match: only paths or recipients with it.',
    ],
    fields: [
      choice('provider', providers),
      choice('mode', faultModes),
      number('times', '', 1, 1_000_000),
      number('status', '', 300, 599),
      text('match', '', ''),
    ],
  },
  {
    call: '/control/clock',
    label: ['拨快微信的时钟', "Move WeChat's clock"],
    about: ['毫秒。', 'Milliseconds.'],
    fields: [number('advanceMs', '3600000', 0, 31_622_400_000)],
  },
  {
    call: '/control/reset',
    label: ['全部清空', 'Forget everything'],
    about: ['手机、邮件、用户、故障。', 'Phones, mails, people, faults.'],
    fields: [],
    says: 'ok',
  },
];

/** The buttons of the page, one for each control call; each says what it does and what it answers. */
export const actionsView = (hubUrl: string): string =>
  actions(hubUrl)
    .map(
      ({ call, label, about, fields, says }) =>
        `<form data-call="${call}"${says === undefined ? '' : ` data-says="${escapeHtml(says)}"`}>
<p>${both(...about)}</p>${fields.join('\n')}<button>${both(...label)}</button><output></output></form>`,
    )
    .join('\n');
