import { xssCorpus } from '@hark/testing';
import { MailPage, mailPage } from './mail-page';

const page = (text: string): MailPage => ({
  locale: 'en',
  from: text,
  title: text,
  body: text,
  code: text,
  link: { href: 'https://app.example/', label: text },
  footer: text,
});
/** Every tag and comment, as it stands there. */
const tagsOf = (html: string) => html.match(/<[^>]*>/g)!.filter((tag) => tag !== '<br>');

describe('a mail as HTML', () => {
  it('is the same page whatever is written in it', () => {
    const harmless = tagsOf(mailPage(page('x')));
    for (const payload of xssCorpus(500)) expect(tagsOf(mailPage(page(payload)))).toEqual(harmless);
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
    expect(html).not.toMatch(/<h1|<a |class="code"/);
  });
});
