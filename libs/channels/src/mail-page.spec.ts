import { Parser } from 'htmlparser2';
import { xssCorpus } from '@hark/testing';
import { actionHref } from './action-href';
import { Notification } from './channel';
import { MailPage, mailPage } from './mail-page';
import { mailHtml } from './mail-text';
import { webAddress } from './web-address';

const page = (text: string): MailPage => ({
  locale: 'en',
  from: text,
  title: text,
  preview: text,
  body: text,
  steps: {
    said: text,
    line: [
      { label: text, now: false },
      { label: text, now: true },
    ],
  },
  actions: [{ href: 'https://app.example/', label: text, target: text }],
  code: text,
  link: { href: 'https://app.example/', label: text },
  footer: text,
  stops: [{ href: 'https://app.example/', label: text }],
});

/** What a parser of HTML makes of it: the tags with their attributes and nothing else, or the texts alone. */
function parsed(html: string): { tags: string[]; text: string } {
  const tags: string[] = [];
  let text = '';
  const parser = new Parser({
    onopentag: (name, attributes) => void (name === 'br' || tags.push(`${name} ${JSON.stringify(attributes)}`)),
    ontext: (part) => void (text += part),
    oncomment: (comment) => void tags.push(`!--${comment}`),
    onprocessinginstruction: (name, data) => void tags.push(data),
  });
  parser.end(html);
  return { tags, text };
}

const corpus = xssCorpus(500);

describe('a mail as HTML', () => {
  it('is the same page to a parser whatever is written in it, and shows that as it was written', () => {
    const harmless = parsed(mailPage(page('x'))).tags;
    expect(harmless.length).toBeGreaterThan(30);
    for (const payload of corpus) {
      const { tags, text } = parsed(mailPage(page(payload)));
      expect(tags).toEqual(harmless);
      expect(text.split(payload.replace(/[\r\n]/g, '')).length).toBeGreaterThan(5);
    }
  });

  it('of a push lets no field of it, addresses among them, be more than text or a link to where links may lead', () => {
    const note = (text: string): Notification => ({
      deliveryId: 'd',
      dedupeId: 'd',
      personId: 'p',
      appName: text,
      appVerified: false,
      title: text,
      body: text,
      markdown: text,
      summary: text,
      thread: text,
      tags: [text],
      icon: text,
      image: text,
      url: text,
      step: { index: 2, of: 3, label: text },
      actions: [
        { id: 'a', label: text, url: text },
        { id: 'b', label: text, url: `https://a.example/${text}` },
        { id: 'c', label: text },
      ],
      priority: 'normal',
      level: 'strong',
      locale: 'en',
      receivedAt: '2026-11-29T00:00:00.000Z',
      mailLinks: (to) => `https://hark.example/mail/${to}/x`,
    });
    const withoutLinks = (html: string) => parsed(html).tags.map((tag) => tag.replace(/"href":"[^"]*"/, ''));
    const harmless = withoutLinks(mailHtml(note('x'), [{ index: 1, label: 'x' }]));
    for (const payload of corpus) {
      const html = mailHtml(note(payload), [{ index: 1, label: payload }]);
      expect(withoutLinks(html)).toEqual(harmless);
      for (const tag of parsed(html).tags.filter((one) => one.startsWith('a ')))
        expect((JSON.parse(tag.slice(2)) as { href: string }).href).toMatch(
          /^(https:\/\/(a|hark)\.example\/|mailto:x@y)/,
        );
    }
  });

  it('lets an address end neither its attribute nor its tag', () => {
    const html = mailPage({ ...page('x'), link: { href: `https://x.example/"'><b`, label: 'x' } });
    expect(html).toContain('href="https://x.example/&#34;&#39;&#62;&#60;b"');
    expect(html).not.toContain('<b"');
  });

  it('loads nothing from anywhere', () => {
    expect(mailPage(page('x'))).not.toMatch(/src=|url\(|@import|<link|<img|<script/);
  });

  it('is one column of at most 600 px, dark where the device is, in the language of its person', () => {
    const html = mailPage(page('x'));
    expect(html).toContain('max-width:600px');
    expect(html).toContain('@media (prefers-color-scheme: dark)');
    expect(html).toContain('<html lang="en">');
  });

  it('keeps blanks, tabs and line ends, breaks long words, and lets each text run its own way', () => {
    const body = 'a  b\tc\r\n\nשלום 👩‍👩‍👧 ' + 'x'.repeat(300);
    const shown =
      /<div class="text" dir="auto" style="[^"]*white-space:pre-wrap;overflow-wrap:anywhere[^"]*">(.*)<\/div>/;
    expect(shown.exec(mailPage({ ...page('x'), body }))![1]).toBe(body.replace('\r\n\n', '<br><br>'));
  });

  it('leaves out what there is not', () => {
    const html = mailPage({ locale: 'zh-CN', from: 'f', body: 'b', footer: 'e' });
    expect(html).not.toMatch(/<h1|<a |class="code"| → /);
  });
});

describe('where a button may lead', () => {
  it.each([
    ['https://pay.example/a?b=1', 'https://pay.example/a?b=1', 'pay.example'],
    ['HTTPS://bank.example@evil.example/', 'https://evil.example/', 'evil.example'],
    ['tel:+86-10-1234', 'tel:+86-10-1234', '+86-10-1234'],
    ['MailTo:help@app.example?bcc=x@evil.example&body=y', 'mailto:help@app.example', 'help@app.example'],
  ])('%s', (url, href, target) => expect(actionHref(url)).toEqual({ href, target }));

  it.each([
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'sms:110',
    'tel:',
    'tel:1"onclick="x',
    'mailto:a@b.example%0d%0aBcc:c@d.example',
    'mailto:<script>',
    `tel:${'1'.repeat(2_000)}`,
    '//evil.example',
    '',
  ])('not %j', (url) => expect(actionHref(url)).toBeUndefined());

  it('is nothing else for the whole corpus', () => {
    for (const payload of corpus) {
      const href = actionHref(payload)?.href ?? webAddress(payload)?.href ?? 'https://';
      expect(href).toMatch(/^(https?:\/\/|mailto:|tel:)/);
    }
  });
});
