import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Browser, chromium, Page } from 'playwright-core';
import { answerByExamples } from './answered-by-examples.fixture';
import { findChromium } from './chromium';

// `HARK_PICTURES=keep ./hark test e2e apps/cli/src/open/pictures` takes the pictures anew, those that look otherwise, `HARK_PICTURES=all`
// compares all of them; else each screen is compared once.
const keeps = process.env.HARK_PICTURES === 'keep';
const executablePath = findChromium(process.env);
const pictures = executablePath ? describe : describe.skip;
const folder = join(__dirname, '../../../../docs/pictures');
const origin = 'https://hark.test';
const id = '0193a5c2-7a41-7c0e-8f10-000000000005';
const screens: Readonly<Record<string, string>> = {
  'log-in': '/',
  inbox: '/',
  item: `/inbox/${id}`,
  consent: `/consent/${id}`,
  apps: '/apps',
  channels: '/channels',
  developer: '/developer',
  app: `/developer/${id}`,
  complaints: '/complaints',
  settings: '/settings',
  'ops-held': '/ops',
  'ops-complaints': '/ops/complaints',
  'ops-appeals': '/ops/appeals',
  'ops-bans': '/ops/bans',
  'ops-app': `/ops/apps/${id}`,
  'ops-audit': '/ops/audit',
  'ops-state': `/ops/streams/user-${id}/1`,
  'ops-rules': '/ops/rules',
};
const sizes = { phone: { width: 360, height: 780 }, desktop: { width: 1440, height: 900 } } as const;
type Size = keyof typeof sizes;
const all = [
  ['zh-CN', 'phone'],
  ['en', 'desktop'],
  ['zh-CN', 'desktop'],
  ['en', 'phone'],
] as const;
const takesAll = process.env.HARK_PICTURES !== undefined;
/** In turn Chinese on a phone and English on a desktop, when not all are compared. */
const compared = takesAll ? all : all.slice(0, 2);
const isCompared = (screen: string, size: Size) =>
  takesAll || (Object.keys(screens).indexOf(screen) % 2 === 0) === (size === 'phone');
/** An example's time, a little later. */
const now = new Date('2026-12-01T09:30:00Z');
/** A part of a picture may differ, as two renderings of the same letters do. */
const differentPartMax = 0.002;

pictures('the pictures of the screens', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, chromiumSandbox: false, args: ['--font-render-hinting=none'] });
  });
  afterAll(() => browser?.close());

  it('are what the console looks like', async () => {
    const made = join(folder, 'made-with.json');
    const here = JSON.stringify(await renderer(browser), null, 2);
    if (keeps) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(made, `${here}\n`);
    } else if (!existsSync(made) || readFileSync(made, 'utf8').trim() !== here) {
      console.log(`pictures: not compared, this machine's fonts or Chromium are others (${here.replace(/\s+/g, ' ')})`);
      return;
    }
    const different = await Promise.all(compared.map(([locale, size]) => differences(browser, locale, size)));
    expect(different.flat()).toEqual([]);
  }, 180_000);
});

/** Takes the screens; answers those that differ from the kept pictures. */
async function differences(browser: Browser, locale: string, size: Size): Promise<string[]> {
  const context = await browser.newContext({
    locale,
    viewport: sizes[size],
    timezoneId: 'Asia/Shanghai',
    reducedMotion: 'reduce',
    serviceWorkers: 'block',
  });
  const different: string[] = [];
  try {
    await answerByExamples(context, origin);
    const page = await context.newPage();
    await page.clock.setFixedTime(now);
    for (const [screen, path] of Object.entries(screens)) {
      if (!isCompared(screen, size)) continue;
      const file = join(folder, `${screen}.${locale}.${size}.png`);
      const picture = await take(page, screen, path);
      const part = existsSync(file) ? await differentPart(page, picture, readFileSync(file)) : 1;
      if (keeps && part > 0) writeFileSync(file, picture);
      if (!keeps && part > differentPartMax) different.push(`${screen}.${locale}.${size}`);
    }
  } finally {
    await context.close();
  }
  return different;
}

async function take(page: Page, screen: string, path: string): Promise<Buffer> {
  // Whoever is not logged in has no name of a last refresh.
  await page.goto(`${origin}${path}${screen === 'log-in' ? '#nobody' : ''}`);
  await page.locator('h1').waitFor();
  await page.waitForLoadState('load');
  if (screen === 'app') {
    await page.locator('input[type=password]').fill('has_example');
    // Not by a key, which would leave the ring of the focus in the picture.
    await page.locator('form:has(input[type=password])').dispatchEvent('submit');
    await page.locator('svg[role=img]').waitFor();
  }
  if (screen === 'ops-audit') {
    // Nothing of the log is read before somebody asks.
    await page.locator('form[role=search]').dispatchEvent('submit');
    await page.locator('ol.calls > li').first().waitFor();
  }
  await page.waitForFunction(`document.querySelector('[aria-busy=true]') === null`);
  await page.evaluate('document.fonts.ready.then(() => undefined)');
  return page.screenshot({ animations: 'disabled', caret: 'hide' });
}

/** How much of two pictures differs visibly, from 0 to 1; 1 when their sizes do. Chromium itself reads them. */
function differentPart(page: Page, one: Buffer, other: Buffer): Promise<number> {
  const urls = [one, other].map((png) => `data:image/png;base64,${png.toString('base64')}`);
  return page.evaluate<number>(`(async () => {
    const [a, b] = await Promise.all(${JSON.stringify(urls)}.map(async (src) => {
      const image = new Image();
      image.src = src;
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height);
      const drawing = canvas.getContext('2d');
      drawing.drawImage(image, 0, 0);
      return drawing.getImageData(0, 0, image.width, image.height);
    }));
    if (a.width !== b.width || a.height !== b.height) return 1;
    let different = 0;
    for (let at = 0; at < a.data.length; at += 4) {
      const far = Math.max(...[0, 1, 2].map((part) => Math.abs(a.data[at + part] - b.data[at + part])));
      if (far > 48) different += 1;
    }
    return different / (a.width * a.height);
  })()`);
}

/** What draws the letters here: another Chromium, or other fonts, draw others. */
async function renderer(browser: Browser): Promise<object> {
  const page = await browser.newPage();
  try {
    const widths = await page.evaluate<number[]>(`['收件箱，通道。', 'Hark 0123456789', '1 234 €'].map((text) => {
      const drawing = new OffscreenCanvas(10, 10).getContext('2d');
      drawing.font = '16px system-ui, "Noto Sans CJK SC", sans-serif';
      return Math.round(drawing.measureText(text).width * 100) / 100;
    })`);
    return { chromium: browser.version().split('.')[0], widths: widths.join(' ') };
  } finally {
    await page.close();
  }
}
