import type { Bound } from '../../app';
import { harkAppId } from '../../config';
import { keepKey, logIn, tellOfView } from '../../server';

const letters = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const length = 16;

/** A password, and on request a push to its owner whenever somebody looks at it. */
Page({
  data: { openid: '', password: '', isShown: false, isBound: false, said: '' },

  async onLoad() {
    // An example: a real one takes `wx.getRandomValues`.
    const password = Array.from({ length }, () => letters[Math.floor(Math.random() * letters.length)]).join('');
    this.setData({ password });
    await this.attempt(async () => {
      const { openid, isBound } = await logIn();
      this.setData({ openid, isBound });
    });
  },

  /** Back from Hark's page: the key goes to the server, and stays there. */
  async onShow() {
    const app = getApp<{ bound: Bound | undefined }>();
    const { bound } = app;
    app.bound = undefined;
    if (!bound) return;
    if (!bound.bind) return this.setData({ said: `没有开启提醒：${bound.errMsg}` });
    await this.attempt(async () => {
      await keepKey(bound.key);
      this.setData({ isBound: true, said: '已开启提醒' });
    });
  },

  askForConsent() {
    wx.navigateToMiniProgram({
      appId: harkAppId,
      path: '/pages/bind/app',
      extraData: { appName: 'Hacker密码', openid: this.data.openid },
      fail: ({ errMsg }) => this.setData({ said: errMsg }),
    });
  },

  async look() {
    this.setData({ isShown: true });
    await this.attempt(async () => {
      const { isBound, told } = await tellOfView();
      this.setData({ isBound, said: told === 'ok' ? '已提醒密码的主人' : `没有提醒：${told ?? ''}` });
    });
  },

  async attempt(act: () => Promise<void>) {
    try {
      await act();
    } catch (error) {
      this.setData({ said: (error as Error).message });
    }
  },
});
