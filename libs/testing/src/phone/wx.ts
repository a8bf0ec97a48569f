import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import type { EnterOptions, MiniProgram } from './mini-program';

/** What WeChat knows beside the program: who holds the phone, what they answer, and where calls may go. */
export interface WxSetting {
  /** The program this is the `wx` of. */
  readonly program: () => MiniProgram;
  readonly enterOptions: () => EnterOptions;
  readonly language: string;
  /** Kept while the program is closed. */
  readonly storage: Map<string, unknown>;
  /** Addresses that the program's owner has listed (WeChat docs: network, server domains). */
  readonly domains: readonly string[];
  readonly watch: (work: unknown) => void;
  readonly mintCode: () => Promise<string>;
  /** The key by which WeChat encrypts for this program's server; absent: it is over. */
  readonly sessionKey: () => string | undefined;
  readonly acceptReminders: (templateId: string) => Promise<string>;
  readonly scanned: () => string | undefined;
  readonly openProgram: (appId: string, options: Pick<EnterOptions, 'path' | 'query'>, extraData: unknown) => void;
  readonly goBack: (extraData: unknown) => boolean;
  readonly log: {
    logIns: number;
    checks: number;
    requests: { method: string; url: string; status: number }[];
    toasts: string[];
  };
}

interface Callbacks {
  readonly success?: (result: never) => void;
  readonly fail?: (error: { readonly errMsg: string }) => void;
  readonly complete?: () => void;
}
interface RequestOptions extends Callbacks {
  readonly url: string;
  readonly method?: string;
  readonly header?: Readonly<Record<string, string>>;
  readonly data?: unknown;
  readonly timeout?: number;
}

/** WeChat docs: wx.request. There is no PATCH. */
const methods = ['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'CONNECT'];
const underWayMax = 10;
const timeoutMsMax = 60_000;

/**
 * A `wx` with what our programs use of WeChat's, behaving as WeChat documents it: callbacks, and promises where none are
 * given; every HTTP status is a success; ten requests at once; listed addresses alone. Anything else of `wx` is undefined.
 */
export function wxOf(setting: WxSetting): object {
  const { program, storage, log } = setting;
  let underWay = 0;
  /** An asynchronous API: calls back, or answers a promise where no callback is given. */
  const api =
    <O extends Callbacks>(name: string, work: (options: O) => unknown) =>
    (options = {} as O): unknown => {
      const done = (async () => {
        try {
          return { errMsg: `${name}:ok`, ...((await work(options)) as object | undefined) };
        } catch (error) {
          throw Object.assign(error as Error, { errMsg: `${name}:fail ${(error as Error).message}` });
        }
      })();
      if (!options.success && !options.fail && !options.complete) {
        setting.watch(done.catch(() => undefined));
        return done;
      }
      setting.watch(
        done
          .then(
            (result) => options.success?.(result as never),
            (error: { errMsg: string }) => options.fail?.({ errMsg: error.errMsg }),
          )
          .then(() => options.complete?.()),
      );
      return undefined;
    };

  async function request({ url, method = 'GET', header = {}, data, timeout = timeoutMsMax }: RequestOptions) {
    if (!methods.includes(method)) throw new Error(`method ${method} is not known`);
    if (!setting.domains.some((domain) => url.startsWith(`${domain}/`))) throw new Error('url not in domain list');
    if (Object.keys(header).some((name) => /^referer$/i.test(name))) throw new Error('Referer cannot be set');
    if (underWay >= underWayMax) throw new Error('exceed max task count');
    underWay += 1;
    try {
      const response = await fetch(url, {
        method,
        headers: {
          'content-type': 'application/json',
          ...header,
          referer: `https://servicewechat.com/${program().appId}/devtools/page-frame.html`,
        },
        ...(data !== undefined && { body: typeof data === 'string' ? data : JSON.stringify(data) }),
        signal: AbortSignal.timeout(Math.min(timeout, timeoutMsMax)),
      });
      const text = await response.text();
      log.requests.push({ method, url, status: response.status });
      return {
        statusCode: response.status,
        header: Object.fromEntries(response.headers),
        data: parsed(text),
        cookies: [],
      };
    } finally {
      underWay -= 1;
    }
  }

  const navigate = (how: 'navigate' | 'redirect') => (options: Callbacks & { url: string }) => {
    const { path, query } = targetOf(options.url, program().top.route);
    if (program().isTab(path)) throw new Error(`can not navigateTo a tabbar page`);
    program().open(path, query, how);
  };

  return {
    login: api('login', async () => {
      log.logIns += 1;
      return { code: await setting.mintCode() };
    }),
    checkSession: api('checkSession', () => {
      log.checks += 1;
      if (setting.sessionKey() === undefined) throw new Error('session time out, need relogin');
    }),
    getUserProfile: api('getUserProfile', () => profileOf(program().appId, setting.sessionKey())),
    request: api('request', request),
    getStorage: api('getStorage', ({ key }: Callbacks & { key: string }) => {
      if (!storage.has(key)) throw new Error('data not found');
      return { data: storage.get(key) };
    }),
    setStorage: api('setStorage', ({ key, data }: Callbacks & { key: string; data: unknown }) => {
      storage.set(key, data);
    }),
    removeStorage: api('removeStorage', ({ key }: Callbacks & { key: string }) => void storage.delete(key)),
    getStorageSync: (key: string): unknown => storage.get(key) ?? '',
    setStorageSync: (key: string, data: unknown): void => void storage.set(key, data),
    createWorker: (path: string) => program().startWorker(path),
    getAppBaseInfo: () => ({ language: setting.language, SDKVersion: '3.4.0' }),
    getEnterOptionsSync: setting.enterOptions,
    navigateTo: api('navigateTo', navigate('navigate')),
    redirectTo: api('redirectTo', navigate('redirect')),
    switchTab: api('switchTab', ({ url }: Callbacks & { url: string }) => {
      const { path } = targetOf(url, program().top.route);
      if (!program().isTab(path)) throw new Error('can not switch to no-tabBar page');
      program().open(path, {}, 'relaunch');
    }),
    navigateBack: api('navigateBack', ({ delta = 1 }: Callbacks & { delta?: number }) => program().back(delta)),
    navigateToMiniProgram: api(
      'navigateToMiniProgram',
      ({ appId, path = '', extraData }: Callbacks & { appId: string; path?: string; extraData?: unknown }) =>
        setting.openProgram(appId, targetOf(path.startsWith('/') ? path : `/${path}`, ''), extraData ?? {}),
    ),
    navigateBackMiniProgram: api('navigateBackMiniProgram', ({ extraData }: Callbacks & { extraData?: unknown }) => {
      if (!setting.goBack(extraData ?? {})) throw new Error('no mini program to go back to');
    }),
    requestSubscribeMessage: api(
      'requestSubscribeMessage',
      async ({ tmplIds }: Callbacks & { tmplIds: readonly string[] }) =>
        Object.fromEntries(
          await Promise.all(tmplIds.map(async (id) => [id, await setting.acceptReminders(id)] as const)),
        ),
    ),
    scanCode: api('scanCode', () => {
      const result = setting.scanned();
      if (result === undefined) throw new Error('cancel');
      return { result, scanType: 'QR_CODE' };
    }),
    showToast: api('showToast', ({ title }: Callbacks & { title: string }) => void log.toasts.push(title)),
    setClipboardData: api('setClipboardData', () => undefined),
    setNavigationBarTitle: api('setNavigationBarTitle', () => undefined),
    setTabBarItem: api('setTabBarItem', () => undefined),
    setTabBarBadge: api('setTabBarBadge', () => undefined),
    removeTabBarBadge: api('removeTabBarBadge', () => undefined),
    stopPullDownRefresh: api('stopPullDownRefresh', () => undefined),
  };
}

/** Encrypted and signed as WeChat does it (WeChat docs: signature, encryption); by a key that is over, nobody can read it. */
function profileOf(appid: string, sessionKey = randomBytes(16).toString('base64')): object {
  const profile = { nickName: '微信用户', gender: 0, language: '', city: '', province: '', country: '', avatarUrl: '' };
  const rawData = JSON.stringify(profile);
  const [key, iv] = [Buffer.from(sessionKey, 'base64'), randomBytes(16)];
  const cipher = createCipheriv('aes-128-cbc', key, iv);
  const text = JSON.stringify({ ...profile, watermark: { appid, timestamp: Math.floor(Date.now() / 1_000) } });
  return {
    userInfo: profile,
    rawData,
    signature: createHash('sha1')
      .update(rawData + sessionKey)
      .digest('hex'),
    encryptedData: Buffer.concat([cipher.update(text), cipher.final()]).toString('base64'),
    iv: iv.toString('base64'),
  };
}

/** `dataType` json, WeChat's default: a body that is none stays a text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A page's address, absolute or seen from another page. */
function targetOf(url: string, from: string): Pick<EnterOptions, 'path' | 'query'> {
  const { pathname, searchParams } = new URL(url, `http://page/${from}`);
  return { path: pathname.slice(1), query: Object.fromEntries(searchParams) };
}
