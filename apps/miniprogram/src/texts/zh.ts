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
  inbox: {
    empty: '还没有消息。应用要先得到你的授权才能发来消息，它会在你使用时征求同意。',
  },
  apps: { unblocked: '该应用可以再次请求授权。' },
  item: { copyLink: '复制链接' },
  channels: {
    reminders: '微信提醒',
    remindersWhat: '微信按次允许提醒：点一次，可提醒一次。',
    left: (count) => `还可提醒 ${count} 次`,
    turnOn: '用微信提醒我',
    allowMore: '再允许一次',
    notAllowed: '你没有允许微信提醒，消息仍会进入收件箱。',
  },
  settings: {
    current: '本机',
    profile: '使用微信昵称',
    profileFor: '用于在 Hark 中显示你的昵称',
    touchAgain: '微信已重新登录，请再点一次。',
  },
  device: {
    scan: '扫码登录浏览器',
    otherCode: '这不是 Hark 的登录码，请扫浏览器上显示的二维码。',
  },
};
