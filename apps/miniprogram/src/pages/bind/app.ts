import { hub, newAct, type Schemas } from '../../api/hub';
import { Problem } from '../../api/problem';
import { type Failure, failureOf } from '../../shared/failure';
import { texts } from '../../texts/texts';
import { type Caller, callerOf, hintOf } from './caller';

type Level = Schemas['Binding']['level'];
const levels: readonly Level[] = ['strong', 'weak', 'none'];

/** What the page hands back, as the caller reads it in its `App.onShow`. `key` is empty where `bind` is false. */
interface HandedBack {
  readonly key: string;
  readonly bind: boolean;
  readonly errMsg: string;
}
const refused = (errMsg: string): HandedBack => ({ key: '', bind: false, errMsg });

/** Of the start that is shown, what need not be: the page that WeChat shows has words alone. */
let caller: Caller | undefined;
let wrong: string | undefined;
let act = '';
let termsHash = '';
let answer: HandedBack = refused('nothing was decided');

/**
 * Where other mini programs send their people to be asked for consent: `navigateToMiniProgram` to `pages/bind/app` with
 * `extraData {appName, openid}`. Goes back with `{key, bind, errMsg}`, whatever came of it. Opened by anybody else it says
 * what it is for.
 */
Page({
  data: {
    is: 'loading',
    words: {},
    asks: '',
    who: [] as string[],
    terms: '',
    levels: [] as object[],
    level: null as Level | null,
    busy: false,
    failure: null as Failure | null,
    said: '',
  },

  onShow() {
    const call = callerOf(wx.getEnterOptionsSync());
    // Coming back from elsewhere, WeChat names no caller: the one who asks still does.
    if (!call && caller && this.data.is !== 'back') return undefined;
    caller = call?.caller;
    wrong = call?.wrong;
    act = newAct();
    return this.ask();
  },

  async ask() {
    const { t, m } = texts();
    const { consent } = t;
    wx.setNavigationBarTitle({ title: consent.title });
    this.setData({
      words: {
        loading: t.loading,
        may: consent.may,
        mayList: [consent.mayList[0], m.bind.mayRing],
        mayNot: consent.mayNot,
        mayNotList: consent.mayNotList,
        level: consent.level,
        chooseFirst: consent.chooseFirst,
        terms: consent.terms,
        agree: consent.agree,
        decline: consent.decline,
        back: m.bind.back,
        nobody: m.bind.nobody,
        nobodyNext: m.bind.nobodyNext,
        toApps: t.places['/apps'],
      },
      levels: levels.map((value) => ({ value, name: t.levels[value], words: t.levelWords[value] })),
      // Nothing is chosen beforehand: an app rings only where its person said so.
      level: null,
      busy: false,
      failure: null,
      said: '',
    });
    if (!caller) return this.setData({ is: 'nobody' });
    const { appId, appName, openid } = caller;
    if (wrong !== undefined) {
      answer = refused(wrong);
      return this.setData({ is: 'back', said: m.bind.wrongCall });
    }
    answer = refused('the person left without a decision');
    this.setData({
      is: 'loading',
      asks: m.bind.asks(appName),
      who: [m.bind.caller(appId), consent.notVerified, consent.account(hintOf(openid))],
    });
    try {
      const { text, hash } = await hub('get', '/v1/terms', { query: { wechatAppId: appId, appName } });
      termsHash = hash;
      this.setData({ is: 'asking', terms: text });
    } catch (error) {
      this.failed(error);
    }
    return undefined;
  },

  choose({ detail: { value } }: WechatMiniprogram.RadioGroupChange) {
    this.setData({ level: value as Level });
  },

  async agree() {
    const { level, busy } = this.data;
    if (!caller || busy || level === null) return;
    const { m } = texts();
    this.setData({ busy: true, failure: null });
    try {
      const { appId, appName, openid } = caller;
      const body = { wechatAppId: appId, appName, openid, level, termsHash };
      const { key } = await hub('post', '/v1/bindings', { body, once: act });
      answer = { key, bind: true, errMsg: '' };
      this.goBack(m.bind.agreed);
    } catch (error) {
      this.failed(error);
    }
  },

  decline() {
    answer = refused('the person declined');
    this.goBack(texts().m.bind.declined);
  },

  /** After a failure: the same once more. The act is the same, so that it is done once. */
  again() {
    return this.data.is === 'failed' ? this.ask() : this.agree();
  },

  back() {
    this.goBack(this.data.said);
  },

  toApps() {
    wx.switchTab({ url: '/pages/apps/apps' });
  },

  failed(error: unknown) {
    answer = refused(wordsForDevelopers(error));
    // Terms that changed meanwhile are read and shown anew before anybody agrees to them.
    const isStale = this.data.is === 'loading' || (error instanceof Problem && error.code === 'binding.terms-changed');
    this.setData({ is: isStale ? 'failed' : 'asking', busy: false, failure: failureOf(error) });
  },

  goBack(said: string) {
    this.setData({ is: 'back', busy: false, said, failure: null });
    wx.navigateBackMiniProgram({
      extraData: answer,
      fail: () => this.setData({ said: texts().m.bind.stuck }),
    });
  },
});

/** What the caller's developer reads in `errMsg`: the hub's stable code, and what it says to do. */
function wordsForDevelopers(error: unknown): string {
  if (!(error instanceof Problem)) return 'the hub does not answer: let your user try again later';
  return `${error.code}: ${error.detail}`;
}
