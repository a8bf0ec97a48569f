import { createTransport } from 'nodemailer';
import { sandboxFixture } from '../sandbox.fixture';
import { startSandbox } from '../start-sandbox';

const sandbox = sandboxFixture();
const attack = `<script>alert(1)</script>"'&`;

async function mail(fields: object): Promise<void> {
  const transport = createTransport(sandbox.smtpUrl());
  await transport.sendMail({ from: 'a@x.test', to: 'b@x.test', ...fields });
  transport.close();
}
const idsOf = (html: string): string[] => Array.from(html.matchAll(/ id="([^"]+)"/g), ([, id]) => id!);

describe('the page', () => {
  it('shows phones and mails, everything escaped, and loads nothing from elsewhere', async () => {
    const { deviceKey } = (await sandbox.post('/control/bark/devices', {})).body;
    await sandbox.post('/bark/push', { device_key: deviceKey, title: attack, body: attack, group: attack });
    await mail({ subject: attack, text: attack, html: attack });
    const response = await fetch(`${sandbox.url()}/`);
    const html = await response.text();
    expect(html).toContain('手机');
    expect(html).toContain(deviceKey);
    expect(html.match(/&lt;script&gt;alert\(1\)&lt;\/script&gt;&quot;&#39;&amp;/g)).toHaveLength(5);
    expect(html).not.toContain('<script>alert');
    expect(html).not.toMatch(/(src|href)="(?!\/mail\/\d+"|\/control\/journal")/);
    const policy = response.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'sha256-[^']+';/);
  });

  it('has a button for each control call that changes something, with the fields that the call takes', async () => {
    const { text: html } = await sandbox.get('/');
    const calls = Array.from(html.matchAll(/data-call="([^"]+)"/g), ([, call]) => call!);
    expect(calls.sort()).toEqual(
      ['bark/devices', 'clock', 'faults', 'reset', 'wechat/codes', 'wechat/subscriptions', 'wechat/verdicts'].map(
        (call) => `/control/${call}`,
      ),
    );
    for (const call of calls) {
      const form = html.slice(html.indexOf(`data-call="${call}"`)).split('</form>', 1)[0]!;
      const names = Array.from(form.matchAll(/ name="([^"]+)"/g), ([, name]) => name!);
      // An unknown field would be refused by its name: each one that the page offers must be known.
      const refused = await sandbox.post(
        call,
        Object.fromEntries([...names, 'unknownField'].map((name) => [name, {}])),
      );
      expect(refused.status).toBe(400);
      expect(JSON.stringify(refused.body.errors)).toMatch(/unknownField/);
      for (const name of names)
        expect(JSON.stringify(refused.body.errors)).not.toMatch(new RegExp(`keys?:.*"${name}"`));
    }
  });

  it('gives what arrived alone, too, under ids that stay, so that what is shown already is left in its place', async () => {
    const { deviceKey } = (await sandbox.post('/control/bark/devices', {})).body;
    await sandbox.post('/bark/push', { device_key: deviceKey, body: 'one' });
    await mail({ subject: 'first', text: 'first' });
    const before = (await sandbox.get('/arrivals')).text;
    expect((await sandbox.get('/')).text).toContain(before);
    expect((await sandbox.get('/arrivals')).text).toBe(before);
    await sandbox.post('/bark/push', { device_key: deviceKey, body: 'two' });
    await mail({ subject: 'second', text: 'second' });
    const after = idsOf((await sandbox.get('/arrivals')).text);
    expect(after).toHaveLength(new Set(after).size);
    expect(after.filter((id) => idsOf(before).includes(id))).toEqual(idsOf(before));
    expect(after).toHaveLength(idsOf(before).length + 2);
  });

  it('shows a mail as its reader sees it: its HTML, unable to run or load anything, links in a window of their own', async () => {
    const html =
      '<html><head><style>b{color:red}</style></head><body><b>工单</b><script>top.x=1</script></body></html>';
    await mail({ subject: 'html', text: 'plain', html });
    const [got] = await sandbox.items('/control/mail');
    const response = await fetch(`${sandbox.url()}/mail/${got!.seq}`);
    expect(await response.text()).toContain(
      '<head><base target="_blank"><style>b{color:red}</style></head><body><b>工单</b>',
    );
    const policy = response.headers.get('content-security-policy')!;
    expect(policy).toMatch(/^sandbox allow-same-origin allow-popups; default-src 'none';/);
    expect(policy).not.toMatch(/script-src|allow-scripts/);
    expect((await sandbox.get('/')).text).toContain(
      `<iframe src="/mail/${got!.seq}" sandbox="allow-same-origin allow-popups"`,
    );
  });

  it('shows a mail without HTML as it was written', async () => {
    await mail({ subject: 'text', text: `a  <b>\n  c` });
    const [got] = await sandbox.items('/control/mail');
    expect((await sandbox.get(`/mail/${got!.seq}`)).text).toContain('<pre>a  &lt;b&gt;\n  c');
    expect((await sandbox.get('/mail/999999')).status).toBe(404);
  });

  it('tells of the hub it stands in for, with a line that pushes', async () => {
    const running = await startSandbox();
    const shown = async () => (await fetch(`${running.url}/`)).text();
    expect(await shown()).not.toContain('push-line">');
    running.showHub({ url: 'http://localhost:4444', pushLine: `curl "x" -d '{"a": "<b>"}'` });
    const html = await shown();
    await running.close();
    expect(html).toContain('curl &quot;x&quot; -d &#39;{&quot;a&quot;: &quot;&lt;b&gt;&quot;}&#39;');
    expect(html).toContain('<a href="http://localhost:4444/docs">');
    expect(html).toContain('curl http://localhost:4444/v1/sessions');
  });
});
