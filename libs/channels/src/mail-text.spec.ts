import { Notification } from './channel';
import { EmailChannel } from './email.channel';
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

/** The headers that the channel gives to its mailer. */
async function headersOf(sent: Notification): Promise<Record<string, string>> {
  let headers: Record<string, string> = {};
  const mailer = { send: async (mail: { headers: Record<string, string> }) => ((headers = mail.headers), {}) };
  const channel = new EmailChannel({ mailer: mailer as never, fromAddress: 'hark@hark.example' });
  await channel.send({ address: 'a@b.example' }, sent);
  return headers;
}

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
