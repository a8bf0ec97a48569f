import type { en } from './en';

/** 小程序独有的中文文案，其余与控制台相同。 */
export const zh: typeof en = {
  bind: {
    nobody: '其他小程序打开本页时，会在这里征求你的同意：是否允许它给你发消息。',
    nobodyNext: '现在没有应用请求授权。请从想联系你的小程序进入；已授权的应用可在“已授权的应用”中管理。',
    mayRing: '在你选择强提醒时，通过你的通道提醒你',
    asks: (app) => `“${app}”想给你发消息`,
    caller: (appId) => `来自小程序 ${appId}`,
    agreed: '已授权，正在返回……',
    declined: '已拒绝，正在返回……',
    back: '返回',
    stuck: '微信未能返回，请再点一次，或点右上角关闭。',
    wrongCall: '打开本页的小程序少传了信息。返回后，它的开发者会得到说明。',
  },
};
