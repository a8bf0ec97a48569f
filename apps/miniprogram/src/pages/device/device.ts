import { hub } from '../../api/hub';
import { attempt } from '../../shared/attempt';
import type { Failure } from '../../shared/failure';
import { whenText } from '../../shared/when-text';
import { texts } from '../../texts/texts';

/**
 * Logs another browser in: says which one asks and from where, and only then yes or no. Opened by scanning the code with
 * WeChat itself (`q`, WeChat docs: ordinary links that open a mini program), or with the scanner of this page.
 */
Page({
  data: {
    words: {},
    userCode: '',
    typed: '',
    browser: null as object | null,
    busy: false,
    failure: null as Failure | null,
    said: '',
  },

  async onLoad({ q = '', code = '' }: { q?: string; code?: string }) {
    const { t, m } = texts();
    wx.setNavigationBarTitle({ title: t.device.title });
    this.setData({
      words: {
        ...{ loading: t.loading, title: t.device.title, code: t.device.code, look: t.device.look, asks: t.device.asks },
        ...{ warning: t.device.warning, approve: t.device.approve, decline: t.device.decline, other: t.device.other },
        scan: m.device.scan,
      },
    });
    await this.look(codeIn(decodeURIComponent(q)) || code);
  },

  async scan() {
    const { result } = await wx.scanCode({ scanType: ['qrCode'] }).catch(() => ({ result: '' }));
    if (result === '') return;
    const code = codeIn(result);
    if (code === '') return this.setData({ said: texts().m.device.otherCode });
    await this.look(code);
  },

  type({ detail: { value } }: WechatMiniprogram.Input) {
    this.setData({ typed: value });
  },

  lookAtTyped() {
    return this.look(this.data.typed.trim());
  },

  async look(userCode: string) {
    this.setData({ userCode, browser: null, said: '', failure: null });
    if (userCode !== '') await this.again();
  },

  async again() {
    await attempt(this, async () => {
      const { t } = texts();
      const path = { userCode: this.data.userCode };
      const { userCode, device, place, expiresAt } = await hub('get', '/v1/device-authorizations/{userCode}', { path });
      this.setData({
        browser: {
          name: device ?? t.device.unknownBrowser,
          place: place === undefined ? '' : t.device.from(place),
          code: `${t.device.sameCode} ${userCode}`,
          until: `${t.device.until} ${whenText(expiresAt)}`,
        },
      });
    });
  },

  approve() {
    const path = { userCode: this.data.userCode };
    return this.decide(() => hub('post', '/v1/device-authorizations/{userCode}/approve', { path }));
  },

  decline() {
    const path = { userCode: this.data.userCode };
    return this.decide(() => hub('post', '/v1/device-authorizations/{userCode}/decline', { path }));
  },

  async decide(act: () => Promise<{ approved: boolean }>) {
    await attempt(this, async () => {
      const { approved } = await act();
      const { device } = texts().t;
      this.setData({ userCode: '', browser: null, said: approved ? device.approved : device.declined });
    });
  },

  other() {
    return this.look('');
  },
});

/** The user code in the address that a browser shows as its QR code. */
function codeIn(address: string): string {
  const [, code = ''] = /\/device\?(?:.*&)?code=([^&#]+)/.exec(address) ?? [];
  return decodeURIComponent(code);
}
