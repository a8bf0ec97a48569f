import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { createContext, runInContext, Script } from 'node:vm';
import { transformSync } from '@swc/core';
import { type PhoneWorker, startWorker } from './worker';
import { type Element, pathTo, readWxml, type Shown, showWxml, wordsOf } from './wxml';

/** How a mini program was opened (WeChat docs: wx.getEnterOptionsSync). */
export interface EnterOptions {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly scene: number;
  readonly referrerInfo: { readonly appId?: string; readonly extraData?: unknown };
}

type Handler = (this: Page, event?: unknown) => unknown;
type Options = Readonly<Record<string, unknown>>;

interface Page {
  data: Record<string, unknown>;
  readonly route: string;
  setData(changes: Readonly<Record<string, unknown>>, done?: () => void): void;
  [member: string]: unknown;
}

/** How many pages WeChat keeps one above the other (WeChat docs: page routing). */
const pagesMax = 10;

/**
 * One mini program that runs: its files in a world that has the language, `wx`, timers, and nothing else: no `fetch`, no `URL`, no
 * `Intl`, no Node. Pages are drawn from their WXML. Whatever a program does that WeChat would not do throws.
 */
export class MiniProgram {
  /** The bytes that `setData` carried to the screen, of each page opened, in order. */
  readonly setDataBytes: { readonly route: string; bytes: number }[] = [];
  readonly pages: Page[] = [];
  private readonly modules = new Map<string, { exports: object }>();
  private readonly world: object;
  private hasWorker = false;
  private appOptions: Options = {};
  private pageOptions: Options = {};
  private readonly appJson: {
    readonly pages: readonly string[];
    readonly workers?: string;
    readonly tabBar?: { readonly list: readonly { readonly pagePath: string }[] };
  };

  /** `watch` is given every promise of the program's, so that somebody can wait until it has done all it does. */
  constructor(
    readonly appId: string,
    private readonly folder: string,
    wx: object,
    private readonly watch: (work: unknown) => void,
  ) {
    this.appJson = JSON.parse(readFileSync(join(folder, 'app.json'), 'utf8')) as typeof this.appJson;
    const app = {};
    this.world = createContext({
      wx,
      console,
      setTimeout,
      clearTimeout,
      App: (options: Options) => (this.appOptions = Object.assign(app, options)),
      Page: (options: Options) => (this.pageOptions = options),
      getApp: () => app,
      getCurrentPages: () => [...this.pages],
    });
    runInContext('delete globalThis.Intl; delete globalThis.WebAssembly', this.world);
  }

  launch(options: EnterOptions): void {
    if (existsSync(join(this.folder, 'app.js')) || existsSync(join(this.folder, 'app.ts'))) this.load('app');
    this.callApp('onLaunch', options);
    this.show(options, false);
  }

  /** Comes to the front again: with `reopens` at the page that is asked for, else where it was left. */
  show(options: EnterOptions, reopens: boolean): void {
    this.callApp('onShow', options);
    if (this.pages.length === 0 || reopens) this.open(options.path, options.query, 'relaunch');
    else this.call(this.top, 'onShow');
  }

  hide(): void {
    this.call(this.top, 'onHide');
    this.callApp('onHide', undefined);
  }

  get top(): Page {
    return this.pages.at(-1)!;
  }

  isTab(path: string): boolean {
    return this.appJson.tabBar?.list.some(({ pagePath }) => pagePath === path) ?? false;
  }

  open(path: string, query: Readonly<Record<string, string>>, how: 'navigate' | 'redirect' | 'relaunch'): void {
    if (!this.appJson.pages.includes(path)) throw new Error(`page "${path}" is not in app.json`);
    if (how === 'navigate') {
      if (this.pages.length >= pagesMax) throw new Error(`more than ${pagesMax} pages`);
      this.call(this.top, 'onHide');
    } else for (const page of this.pages.splice(how === 'redirect' ? -1 : 0)) this.call(page, 'onUnload');
    this.pageOptions = {};
    this.modules.delete(path);
    this.load(path);
    const cost = { route: path, bytes: 0 };
    this.setDataBytes.push(cost);
    const { data = {}, ...members } = this.pageOptions;
    const page: Page = {
      ...members,
      data: copyOf(data) as Record<string, unknown>,
      route: path,
      setData: (changes, done) => {
        cost.bytes += Buffer.byteLength(JSON.stringify(changes));
        for (const [at, value] of Object.entries(changes)) {
          if (value === undefined) throw new Error(`setData of undefined: ${at}`);
          put(page.data, at, copyOf(value));
        }
        done?.();
      },
    };
    this.pages.push(page);
    this.call(page, 'onLoad', query);
    this.call(page, 'onShow');
    this.call(page, 'onReady');
  }

  back(delta: number): void {
    for (const page of this.pages.splice(Math.max(1, this.pages.length - delta))) this.call(page, 'onUnload');
    this.call(this.top, 'onShow');
  }

  /** What stands on the screen. */
  screen(): Shown[] {
    const { route, data } = this.top;
    const templates = new Map<string, readonly Element[]>();
    const elements = this.readWxml(`${route}.wxml`);
    for (const { tag, attributes } of elements) {
      if (tag !== 'import') continue;
      for (const one of this.readWxml(posix.join(posix.dirname(route), attributes.src!)))
        if (one.tag === 'template') templates.set(one.attributes.name!, one.children);
    }
    const shown = showWxml(elements, data, templates);
    pathTo(shown, (one) => {
      for (const [name, handler] of Object.entries(one.attributes))
        if (/^(bind|catch):/.test(name) && typeof this.top[String(handler)] !== 'function')
          throw new Error(`${route}.wxml: the page has no ${String(handler)}`);
      return false;
    });
    return shown;
  }

  /** One at a time (WeChat docs: workers). */
  startWorker(path: string): PhoneWorker {
    if (this.hasWorker) throw new Error('createWorker:fail exceed max concurrent worker limit');
    const worker = startWorker(this.folder, this.appJson.workers!, path, () => (this.hasWorker = false));
    this.hasWorker = true;
    return worker;
  }

  /** As a component fires it. */
  fire(element: Shown, event: string, detail: unknown): void {
    const handler = element.attributes[`bind:${event}`] ?? element.attributes[`catch:${event}`];
    const dataset = Object.fromEntries(
      Object.entries(element.attributes)
        .filter(([name]) => name.startsWith('data-'))
        .map(([name, value]) => [name.slice(5).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()), value]),
    );
    this.call(this.top, String(handler), { type: event, detail, currentTarget: { dataset }, target: { dataset } });
  }

  /** A function of the page's own that WeChat calls: a pull to refresh, the end of the list. */
  tell(member: 'onPullDownRefresh' | 'onReachBottom'): void {
    this.call(this.top, member);
  }

  words(): string {
    return wordsOf(this.screen());
  }

  /** What a file of the program exports, as its pages see it. */
  module(path: string): object {
    return this.load(path);
  }

  private readWxml(name: string): readonly Element[] {
    return readWxml(readFileSync(join(this.folder, name), 'utf8'), name);
  }

  private call(page: Page, member: string, argument?: unknown): void {
    const handler = page[member];
    if (typeof handler === 'function') this.watch((handler as Handler).call(page, argument));
  }

  private callApp(member: string, argument: unknown): void {
    const handler = this.appOptions[member];
    if (typeof handler === 'function')
      this.watch((handler as (options: unknown) => unknown).call(this.appOptions, argument));
  }

  /** CommonJS by relative paths, each file once (WeChat docs: modules). */
  private load(path: string): object {
    const known = this.modules.get(path);
    if (known) return known.exports;
    const module = { exports: {} };
    this.modules.set(path, module);
    const load = (name: string): object => {
      if (!/^\.{1,2}\//.test(name)) throw new Error(`${path}: WeChat loads by relative paths, not ${name}`);
      return this.load(posix.join(posix.dirname(path), name));
    };
    const file = join(this.folder, `${path}.js`);
    const code = existsSync(file) ? readFileSync(file, 'utf8') : compiled(join(this.folder, `${path}.ts`));
    const run = new Script(`(function (require, module, exports) {${code}\n})`, { filename: file });
    (run.runInContext(this.world) as (...given: unknown[]) => void)(load, module, module.exports);
    return module.exports;
  }
}

/** As WeChat's tools do it where a program has TypeScript for them (WeChat docs: compiler plugins). */
const compiled = (file: string): string =>
  transformSync(readFileSync(file, 'utf8'), {
    swcrc: false,
    jsc: { target: 'es2018', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
  }).code;

/** Between a page and its screen goes what JSON can hold. */
function copyOf(value: unknown): unknown {
  const text = JSON.stringify(value, (_, one: unknown) => {
    if (typeof one === 'function') throw new Error('setData of a function');
    return one;
  });
  return JSON.parse(text) as unknown;
}

/** Puts `value` where a path such as `items[2].readAt` leads. */
function put(data: Record<string, unknown>, at: string, value: unknown): void {
  const names = at.split(/[.[\]]+/).filter((name) => name !== '');
  let inner = data;
  for (const name of names.slice(0, -1)) inner = inner[name] as Record<string, unknown>;
  inner[names.at(-1)!] = value;
}
