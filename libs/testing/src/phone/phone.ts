import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EnterOptions, MiniProgram } from './mini-program';
import { wxOf, type WxSetting } from './wx';
import { pathTo, type Shown, wordsOf } from './wxml';

export interface PhoneOptions {
  /** Where WeChat's platform is stood in for: codes and reminders come from there. */
  readonly sandboxUrl: string;
  readonly language?: 'zh_CN' | 'en';
  /** The mini programs that can be opened, by appId. */
  readonly programs: Readonly<
    Record<string, { readonly folder: string; readonly openid: string; readonly domains: readonly string[] }>
  >;
}

/** Opened from the list of recent mini programs (WeChat docs: scene values). */
const openedByHand = 1089;
const openedByProgram = 1037;
const cameBackFromProgram = 1038;

/**
 * A phone with WeChat, on which mini programs run and are used by what stands on the screen. Every touch waits until the
 * program has done all that came of it, so nothing has to be waited for.
 */
export class Phone {
  /** What was done so far; `logIns` counts `wx.login`, `checks` `wx.checkSession`. */
  readonly log: WxSetting['log'] = { logIns: 0, checks: 0, requests: [], toasts: [] };
  /** What `wx.scanCode` sees; nothing: the person puts the camera away. */
  code: string | undefined;
  /** Whether the person accepts reminders when asked. */
  acceptsReminders = true;
  private readonly running = new Map<string, { program: MiniProgram; enter: EnterOptions }>();
  private readonly storages = new Map<string, Map<string, unknown>>();
  /** Of each program since its last `wx.login`; taken away, WeChat's session is over. */
  readonly sessionKeys = new Map<string, string>();
  /** Programs one above the other; the last is in front. */
  private readonly front: string[] = [];
  private readonly work = new Set<Promise<unknown>>();
  private readonly failures: unknown[] = [];

  constructor(private readonly options: PhoneOptions) {}

  /** Opens a program by hand, at its first page or at `path`. */
  async open(appId: string, path?: string, query: Readonly<Record<string, string>> = {}): Promise<void> {
    this.front.splice(0);
    this.bring(appId, { path: path ?? '', query, scene: openedByHand, referrerInfo: {} }, path !== undefined);
    await this.settled();
  }

  /** WeChat ends programs that were long away; what they stored stays. */
  close(appId: string): void {
    this.running.delete(appId);
  }

  /** Touches what reads `words`: a button, or whatever reacts to a touch around that text. */
  async tap(words: string): Promise<void> {
    const path = this.find((one) => wordsOf([one]) === words, words);
    const reacts = path.findLast(({ attributes }) => 'bind:tap' in attributes || 'catch:tap' in attributes);
    if (reacts === undefined) throw new Error(`nothing reacts to a touch on ${words}`);
    if (reacts.attributes.disabled) throw new Error(`${words} cannot be touched now`);
    await this.fire(reacts, 'tap', {});
  }

  /** Chooses the radio, checkbox or switch that the words stand beside, or names. */
  async choose(words: string): Promise<void> {
    const path = this.find(
      (one) => one.tag === 'label' && wordsOf([one]).split('\n').includes(words),
      words,
      (one) => one.attributes['aria-label'] === words && one.tag === 'switch',
    );
    const input = pathTo(path.slice(-1), ({ tag }) => /^(radio|checkbox|switch)$/.test(tag))?.at(-1);
    if (input === undefined) throw new Error(`${words} chooses nothing`);
    if (input.tag === 'switch') return this.fire(input, 'change', { value: !input.attributes.checked });
    const group = path.findLast(({ tag }) => tag === `${input.tag}-group`)!;
    if (input.tag === 'radio') return this.fire(group, 'change', { value: input.attributes.value });
    const boxes: Shown[] = [];
    pathTo([group], (one) => (one.tag === 'checkbox' && boxes.push(one), false));
    const value = boxes
      .filter((box) => Boolean(box.attributes.checked) !== (box === input))
      .map(({ attributes }) => attributes.value);
    return this.fire(group, 'change', { value });
  }

  /** Types into the field of this name. */
  async type(name: string, value: string): Promise<void> {
    await this.fire(this.field(name), 'input', { value });
  }

  /** Picks from the picker of this name: an entry of its range by its words, or a time. */
  async pick(name: string, value: string): Promise<void> {
    const picker = this.field(name);
    const { range } = picker.attributes;
    const index = Array.isArray(range) ? range.indexOf(value) : -1;
    if (Array.isArray(range) && index === -1) throw new Error(`${name} does not offer ${value}`);
    await this.fire(picker, 'change', { value: Array.isArray(range) ? index : value });
  }

  /** All that stands on the screen, a line for each text. */
  words(): string {
    return this.program.words();
  }

  /** Back to the page below. */
  async back(): Promise<void> {
    this.program.back(1);
    await this.settled();
  }

  /** To another tab. */
  async switchTo(path: string): Promise<void> {
    this.program.open(path, {}, 'relaunch');
    await this.settled();
  }

  /** What a program keeps on the phone. */
  storageOf(appId: string): Map<string, unknown> {
    const storage = this.storages.get(appId) ?? new Map<string, unknown>();
    this.storages.set(appId, storage);
    return storage;
  }

  async pullDown(): Promise<void> {
    this.program.tell('onPullDownRefresh');
    await this.settled();
  }

  async reachBottom(): Promise<void> {
    this.program.tell('onReachBottom');
    await this.settled();
  }

  /** The program in front. */
  get program(): MiniProgram {
    return this.running.get(this.front.at(-1)!)!.program;
  }

  /** Until no program has anything under way. Throws what one of them threw. */
  async settled(): Promise<void> {
    while (this.work.size > 0) await Promise.allSettled(this.work);
    if (this.failures.length > 0) throw this.failures.splice(0)[0];
  }

  private field(name: string): Shown {
    return this.find(({ attributes }) => attributes['aria-label'] === name, name).at(-1)!;
  }

  private find(found: (one: Shown) => boolean, words: string, or = found): readonly Shown[] {
    const screen = this.program.screen();
    const path = pathTo(screen, (one) => found(one) || or(one));
    if (path === undefined) throw new Error(`${words} is not on the screen:\n${wordsOf(screen)}`);
    return path;
  }

  private async fire(element: Shown, event: string, detail: unknown): Promise<void> {
    this.program.fire(element, event, detail);
    await this.settled();
  }

  private bring(appId: string, enter: EnterOptions, reopens: boolean): void {
    const known = this.options.programs[appId];
    if (known === undefined) throw new Error(`no mini program ${appId}`);
    this.front.push(appId);
    const one = this.running.get(appId);
    if (one) {
      one.enter = enter;
      one.program.show(enter, reopens);
      return;
    }
    const first = { ...enter, path: enter.path === '' ? firstPageOf(known.folder) : enter.path };
    const started = { program: undefined as unknown as MiniProgram, enter: first };
    this.running.set(appId, started);
    const watch = (work: unknown) => this.watch(work);
    const wx = wxOf({
      program: () => started.program,
      enterOptions: () => started.enter,
      language: this.options.language ?? 'zh_CN',
      storage: this.storageOf(appId),
      domains: known.domains,
      watch,
      mintCode: async () => {
        const sessionKey = randomBytes(16).toString('base64');
        this.sessionKeys.set(appId, sessionKey);
        const { code } = await this.control('/control/wechat/codes', { openid: known.openid, appId, sessionKey });
        return String(code);
      },
      sessionKey: () => this.sessionKeys.get(appId),
      acceptReminders: async (templateId) => {
        if (!this.acceptsReminders) return 'reject';
        await this.control('/control/wechat/subscriptions', { openid: known.openid, templateId, count: 1 });
        return 'accept';
      },
      scanned: () => this.code,
      openProgram: (other, { path, query }, extraData) => {
        started.program.hide();
        // Through JSON, as WeChat hands it over.
        const given = JSON.parse(JSON.stringify(extraData)) as unknown;
        this.bring(other, { path, query, scene: openedByProgram, referrerInfo: { appId, extraData: given } }, true);
      },
      goBack: (extraData) => {
        const from = started.enter.referrerInfo.appId;
        if (this.front.length < 2 || from === undefined || this.front.at(-2) !== from) return false;
        started.program.hide();
        this.front.splice(-2);
        const given = JSON.parse(JSON.stringify(extraData)) as unknown;
        this.bring(
          from,
          { path: '', query: {}, scene: cameBackFromProgram, referrerInfo: { appId, extraData: given } },
          false,
        );
        return true;
      },
      log: this.log,
    });
    started.program = new MiniProgram(appId, known.folder, wx, watch);
    started.program.launch(first);
  }

  private watch(work: unknown): void {
    if (!isPromise(work)) return;
    const watched = work.then(
      () => undefined,
      (error: unknown) => void this.failures.push(error),
    );
    this.work.add(watched);
    void watched.then(() => this.work.delete(watched));
  }

  private async control(path: string, body: object): Promise<Readonly<Record<string, unknown>>> {
    const response = await fetch(this.options.sandboxUrl + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Readonly<Record<string, unknown>>;
  }
}

/** Of the program's own world, so no instance of ours. */
const isPromise = (work: unknown): work is Promise<unknown> =>
  typeof work === 'object' && work !== null && typeof (work as { then?: unknown }).then === 'function';

const firstPageOf = (folder: string): string =>
  (JSON.parse(readFileSync(join(folder, 'app.json'), 'utf8')) as { readonly pages: readonly string[] }).pages[0]!;
