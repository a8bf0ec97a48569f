import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { Keyboard } from './keyboard.fixture';

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

// Scripts for the page, as text: the hub's own sources know nothing of browsers.
const noteViolations = `document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
  console.error('policy: ' + violatedDirective + ' ' + blockedURI));`;
const findFaults = `axe
  .run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
  .then(({ violations }) => {
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => id + ': ' + nodes[0].html);
  })`;
const hasAxe = `typeof axe !== 'undefined'`;
/** How long colours may be on their way to others, in milliseconds. */
const settleMs = 5_000;
/**
 * Resolves when no colour is on its way to another, or after `settleMs`. A page hears of another scheme a frame later; what turns
 * for ever, such as a loader, is not waited for. Asked frame by frame: under forced colours Chromium drops transitions without
 * settling their `finished`.
 */
const settle = `(async () => {
  const frame = () => new Promise(requestAnimationFrame);
  const isOnItsWay = ({ playState, effect }) => playState === 'running' && effect.getComputedTiming().endTime < Infinity;
  const until = performance.now() + ${settleMs};
  await frame();
  await frame();
  while (performance.now() < until && document.getAnimations().some(isOnItsWay)) await frame();
})()`;
/** Under somebody's own colours no background of ours is left: what is chosen is told from the rest of its kind all the same. */
const findUnmarked = `['.places a[aria-current]', '[data-active]:not(:has([data-active]))', 'input[role=switch] + *'].flatMap((chosen) =>
  [...document.querySelectorAll(chosen)].filter((one) => {
    const { backgroundColor, borderTopStyle } = getComputedStyle(one);
    const isLikeThePage = backgroundColor === getComputedStyle(document.body).backgroundColor || /, 0\\)$/.test(backgroundColor);
    return isLikeThePage && borderTopStyle === 'none';
  }).map((one) => 'looks like what is not chosen: ' + one.outerHTML.slice(0, 200)))`;
const findWidth = `document.documentElement.scrollWidth - innerWidth`;
/** The narrowest screen that pages are for (WCAG 2.2, 1.4.10). */
const narrowPx = 320;

/** How people come: their language, the size of their screen, and whether they have a keyboard and nothing else. */
export interface Reader {
  readonly locale: 'zh-CN' | 'en';
  readonly size: { readonly width: number; readonly height: number };
  readonly hasKeysAlone?: boolean;
}

/** One person's browser, which notes everything that a page must not do. */
export class Visitor {
  /** Errors in the console, policy violations, requests to other hosts. */
  readonly troubles: string[] = [];
  private keyboard: Keyboard | undefined;

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    private readonly hubUrl: string,
  ) {}

  static async arrive(
    browser: Browser,
    hubUrl: string,
    { locale, size, hasKeysAlone = false }: Reader,
    allowed: RegExp = /^$/,
  ): Promise<Visitor> {
    const context = await browser.newContext({
      locale,
      viewport: size,
      timezoneId: 'Asia/Shanghai',
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(40_000);
    await context.addInitScript({ content: noteViolations });
    const visitor = new Visitor(context, await context.newPage(), hubUrl);
    if (hasKeysAlone) visitor.keyboard = await Keyboard.at(visitor.page);
    context.on('page', (page) => visitor.watch(page, allowed));
    visitor.watch(visitor.page, allowed);
    return visitor;
  }

  private watch(page: Page, allowed: RegExp): void {
    page.on('console', (message) => {
      const said = `${message.text()} ${message.location().url}`;
      if (message.type() === 'error' && !allowed.test(said)) this.troubles.push(said);
    });
    page.on('pageerror', (error) => this.troubles.push(String(error)));
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(`${this.hubUrl}/`) && !/^(data|blob):/.test(url) && !request.isNavigationRequest())
        this.troubles.push(`asks ${url}`);
    });
  }

  /** Goes to a path of the console and waits for its heading. */
  async open(path: string): Promise<void> {
    await this.page.goto(this.hubUrl + path);
    await this.page.locator('h1').waitFor();
  }

  async press(name: string | RegExp, role: 'button' | 'link' | 'radio' | 'checkbox' = 'button'): Promise<void> {
    await this.use(this.page.getByRole(role, { name, exact: typeof name === 'string' }).first());
  }

  /** A button, a link, or what opens details. */
  use(target: Locator): Promise<void> {
    return this.keyboard ? this.keyboard.press(target) : target.click();
  }

  /** A radio button, a checkbox or a switch, some of which stand for themselves by their label alone. */
  async tick(target: Locator): Promise<void> {
    if (this.keyboard) return this.keyboard.press(target);
    await this.page.locator(`label[for="${await target.getAttribute('id')}"]`).click();
  }

  async fill(label: string, value: string): Promise<void> {
    await this.write(this.page.getByLabel(label, { exact: false }).first(), value);
  }

  write(target: Locator, value: string): Promise<void> {
    return this.keyboard ? this.keyboard.fill(target, value) : target.fill(value);
  }

  async choose(label: string, value: string, place: Page | Locator = this.page): Promise<void> {
    const target = place.getByLabel(label, { exact: true }).first();
    await (this.keyboard ? this.keyboard.choose(target, value) : target.selectOption(value));
  }

  /** Waits until the page says it. */
  async sees(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor();
  }

  /**
   * What axe finds serious or worse on the page as it is, and whether it is wider than its screen; with HARK_CONSOLE_MATRIX=1
   * in the dark, under forced colours, at 320 px, and at twice the size (half the width) too.
   */
  async faults(): Promise<string[]> {
    // By the debugger's protocol: the page's own policy lets no foreign script in.
    if (!(await this.page.evaluate<boolean>(hasAxe))) {
      const debug = await this.context.newCDPSession(this.page);
      await debug.send('Runtime.evaluate', { expression: axe });
      await debug.detach();
    }
    const found = await this.page.evaluate<string[]>(findFaults);
    if (process.env.HARK_CONSOLE_MATRIX) {
      await this.page.emulateMedia({ colorScheme: 'dark' });
      await this.page.evaluate(settle);
      found.push(...(await this.page.evaluate<string[]>(findFaults)).map((one) => `in the dark: ${one}`));
      await this.page.emulateMedia({ colorScheme: null, forcedColors: 'active' });
      await this.page.evaluate(settle);
      const forced = [
        ...(await this.page.evaluate<string[]>(findFaults)),
        ...(await this.page.evaluate<string[]>(findUnmarked)),
      ];
      found.push(...forced.map((one) => `under forced colours: ${one}`));
      await this.page.emulateMedia({ forcedColors: null });
    }
    const { width, height } = this.page.viewportSize()!;
    for (const px of process.env.HARK_CONSOLE_MATRIX ? [narrowPx, Math.max(narrowPx, width / 2), width] : [width]) {
      if (process.env.HARK_CONSOLE_MATRIX) await this.page.setViewportSize({ width: px, height });
      const wider = await this.page.evaluate<number>(findWidth);
      if (wider > 0) found.push(`wider than a screen of ${px} px by ${wider} px`);
    }
    return found.map((one) => `${new URL(this.page.url()).pathname} ${one}`);
  }

  leave(): Promise<void> {
    return this.context.close();
  }
}
