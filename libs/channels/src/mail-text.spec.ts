import type { Mail } from '@hark/outbound';
import { Notification } from './channel';
import { EmailChannel } from './email.channel';
import { ErasureMail } from './erasure-mail';
import { mailHtml, mailText } from './mail-text';

const note: Notification = {
  deliveryId: 'd',
  dedupeId: 'd',
  appName: 'App',
  appVerified: true,
  personId: 'p',
  body: 'hello',
  priority: 'normal',
  level: 'strong',
  locale: 'en',
  receivedAt: '2026-11-29T00:00:00.000Z',
  mailLinks: (purpose) => `https://hark.example/mail/${purpose}/x`,
};
const { mailLinks: _, ...bare } = note;

/** What the channel gives to its mailer. */
async function mailOf(sent: Notification): Promise<Mail> {
  const mails: Mail[] = [];
  const mailer = { send: async (mail: Mail) => (mails.push(mail), {}) };
  const channel = new EmailChannel({ mailer: mailer as never, fromAddress: 'hark@hark.example' });
  expect(await channel.send({ address: 'a@b.example' }, sent)).toMatchObject({ is: 'sent' });
  return mails[0]!;
}
const headersOf = async (sent: Notification) => (await mailOf(sent)).headers!;

describe('a mail of a push', () => {
  const ticket: Notification = {
    ...note,
    locale: 'zh-CN',
    thread: 't-1',
    step: { index: 3, of: 6, label: '已出发' },
    markdown: '**hello**',
    actions: [
      { id: 'pay', label: '去付款', url: 'https://pay.example/1?a=1&b=2' },
      { id: 'call', label: '打电话', url: 'tel:+8610' },
      { id: 'ok', label: '收到' },
      { id: 'bad', label: '点我', url: 'javascript:alert(1)' },
    ],
  };
  const inbox = 'https://hark.example/mail/open/x';

  it('has its actions as buttons that say where they lead, and what the hub must do in the inbox', () => {
    const [text, html] = [mailText(ticket), mailHtml(ticket)];
    expect(text).toContain('去付款（pay.example）\nhttps://pay.example/1?a=1&b=2');
    expect(text).toContain(
      `打电话（+8610）\ntel:+8610\n\n收到（在 Hark 里操作）\n${inbox}\n\n在 Hark 里查看\n${inbox}`,
    );
    expect(html).toMatch(
      /class="button" href="https:\/\/pay\.example\/1\?a=1&#38;b=2"[^>]*><bdi>去付款<\/bdi><bdi>（pay\.example）/,
    );
    expect(html.match(/class="button"/g)).toHaveLength(4);
    expect(text + html).not.toMatch(/javascript|点我/);
    const alone = mailText({ ...bare, actions: ticket.actions, markdown: 'x' });
    expect(alone).toContain('tel:+8610');
    expect(alone).not.toMatch(/收到|Read it in Hark/);
  });

  it('tells the line of a ticket’s steps in their order, this one marked', () => {
    const earlier = [
      { index: 4, label: '已到达' },
      { index: 1, label: '已派单' },
      { index: 2 },
      { index: 3, label: '出发前' },
    ];
    expect(mailText(ticket, earlier)).toContain('第 3 步，共 6 步\n已派单 → 2 → 已出发 → 已到达');
    expect(mailHtml(ticket, earlier)).toContain(
      '<bdi>已派单</bdi> → <bdi>2</bdi> → <b><bdi>已出发</bdi></b> → <bdi>已到达</bdi></div>',
    );
    expect(mailText({ ...ticket, locale: 'en' })).toContain('Step 3 of 6\n已出发');
  });

  it('goes out without the earlier steps while they cannot be read', async () => {
    const sent = await mailOf({ ...ticket, earlierSteps: async () => Promise.reject(new Error('no database')) });
    expect(sent.text).toContain('共 6 步\n已出发');
    expect((await mailOf({ ...ticket, earlierSteps: async () => [{ index: 1, label: '已派单' }] })).text).toContain(
      '已派单 → 已出发',
    );
  });
});

it.each(['zh-CN', 'en'] as const)('the last mail of an account is a page and a text, in %s', async (locale) => {
  const mails: Mail[] = [];
  const mailer = { send: async (mail: Mail) => (mails.push(mail), {}) };
  const last = new ErasureMail({ mailer: mailer as never, fromAddress: 'hark@hark.example' });
  expect(await last.send({ personId: 'p', address: 'a@b.example', locale })).toEqual({ is: 'sent' });
  const { subject, text, html } = mails[0]!;
  expect(html).toContain(`<html lang="${locale}">`);
  expect(html).toMatch(new RegExp(`<h1[^>]*>${subject}</h1>`));
  expect(html).toContain(`>${text}</div>`);
  expect(html).not.toContain('<a ');
});

it('a mail of the hub’s own says that no app sent it, and offers no consent to end', async () => {
  const { from, text, html } = await mailOf({ ...bare, appName: 'Hark', ofTheHub: true, locale: 'zh-CN' });
  expect(from).toMatchObject({ name: 'Hark' });
  expect(text).toBe('hello\n\n--\n\n本邮件由 Hark 自动发送，请勿直接回复。');
  expect(html).not.toContain('授权');
});

it('a mail has its whole title in its text where the subject is cut, and a preview that is not shown', async () => {
  const title = '长'.repeat(200);
  expect((await mailOf({ ...note, title })).text).toMatch(new RegExp(`^${title}\n\nhello\n`));
  expect((await mailOf({ ...note, title: 'Short' })).text).toMatch(/^hello\n/);
  const preview = /<div style="display:none[^>]*>([^<]*)<\/div>/;
  expect(preview.exec(mailHtml({ ...note, body: 'two\n lines' }))?.[1]).toBe('two lines');
  expect(preview.exec(mailHtml({ ...note, summary: 'in short' }))?.[1]).toBe('in short');
});

describe('the ways to stop in a mail of a push', () => {
  it('stand in its text and its HTML, in its language', () => {
    const [text, html] = [mailText(note), mailHtml({ ...note, locale: 'zh-CN' })];
    expect(text).toContain('Mute\nhttps://hark.example/mail/mute/x?lang=en');
    expect(text).toContain('Unbind\nhttps://hark.example/mail/unbind/x?lang=en');
    expect(text).toContain('Complain\nhttps://hark.example/mail/complain/x?lang=en');
    expect(html).toMatch(/href="https:\/\/hark\.example\/mail\/mute\/x\?lang=zh-CN"[^>]*>设为免打扰<\/a>/);
    expect(html).toMatch(/href="https:\/\/hark\.example\/mail\/unbind\/x\?lang=zh-CN"[^>]*>解绑<\/a>/);
  });

  it('are one click for the reader (RFC 8058)', async () => {
    expect(await headersOf(note)).toMatchObject({
      'List-Unsubscribe': '<https://hark.example/mail/unbind/x?lang=en>',
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    });
  });

  it('are left out where the hub knows no address of its own', async () => {
    expect(`${mailText(bare)}${mailHtml(bare)}`).not.toContain('/mail/');
    expect(Object.keys(await headersOf(bare)).join()).not.toContain('Unsubscribe');
  });
});
