import { createHash } from 'node:crypto';
import { type Reply, reply } from '../http/exchange';
import type { Sandbox, ShownHub } from '../sandbox';
import { actionsView } from './actions-view';
import { arrivalsView } from './arrivals-view';
import { both, escapeHtml } from './html';
import { hubUrlUsual } from './hub-url';
import { pageScript } from './page-script';

/** Reload without scripts. */
const refreshSeconds = 5;

const style = `
body { font: 15px/1.6 system-ui, sans-serif; margin: 2rem; background: #f3f4f6; color: #111 }
[lang=en] { color: #6b7280 }
main { display: flex; flex-wrap: wrap; gap: 2rem; align-items: flex-start }
.phone { width: 20rem; min-height: 12rem; background: #1f2937; border-radius: 2rem; padding: 1.5rem 1rem; margin-bottom: 1rem }
.phone h3 { color: #9ca3af; font-size: .8rem; text-align: center; margin: 0 0 1rem; word-break: break-all }
article { background: #fff; border-radius: .8rem; padding: .6rem .9rem; margin-bottom: .6rem; overflow-wrap: anywhere }
article h4 { margin: 0 }
article p { margin: .2rem 0; white-space: pre-wrap }
.mails { flex: 1; min-width: 22rem }
#phones, #mails { height: 70vh; overflow: auto }
iframe { width: 100%; border: 0; border-top: 1px solid #e5e7eb; margin-top: .4rem; max-height: 40rem }
small { color: #6b7280 }
pre { background: #111827; color: #f9fafb; padding: .8rem 1rem; border-radius: .6rem; white-space: pre-wrap; overflow-wrap: anywhere }
.actions { display: flex; flex-wrap: wrap; gap: 1rem }
form { background: #fff; border-radius: .8rem; padding: .6rem .9rem; width: 20rem }
form p { margin: 0 0 .4rem }
label { display: block; margin-bottom: .3rem }
output { display: block; font-family: ui-monospace, monospace; font-size: .85rem; white-space: pre-wrap; overflow-wrap: anywhere }
.gone { display: none; background: #fef2f2; border-radius: .8rem; padding: .6rem .9rem }
.away .gone { display: block }`;

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const policy = [
  "default-src 'none'",
  `style-src ${hashOf(style)}`,
  `script-src ${hashOf(pageScript)}`,
  "connect-src 'self'",
  "frame-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The phones, the mailbox and the buttons of the sandbox. Loads nothing from elsewhere and escapes everything. */
export function page(sandbox: Sandbox): Reply {
  const { hub } = sandbox;
  const body = `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<noscript><meta http-equiv="refresh" content="${refreshSeconds}"></noscript>
<title>Hark 沙箱 · sandbox</title>
<style>${style}</style>
</head>
<body>
<h1>Hark 沙箱 · sandbox</h1>
<p>${both(
    '这里代替微信、Bark、邮件服务器和回调接收方，只用于开发与测试。',
    'Stands in for WeChat, Bark, a mail server and webhook receivers. For development and tests only.',
  )}</p>
<p class="gone">${both('沙箱没有应答：服务是否已停止？', 'The sandbox does not answer: has the hub been stopped?')}</p>
${hub ? hubView(hub) : ''}
<main>
${arrivalsView(sandbox)}
</main>
<h2>${both('能做什么', 'What it can do')}</h2>
<div class="actions">
${actionsView(hub?.url ?? hubUrlUsual)}
</div>
<p><a href="/control/journal">${both('所有到达的请求', 'Everything that came in')}</a></p>
<script>${pageScript}</script>
</body>
</html>
`;
  return reply(200, 'text/html; charset=utf-8', body, {
    'content-security-policy': policy,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
}

/** What the page's script asks for once a second. */
export const arrivals = (sandbox: Sandbox): Reply =>
  reply(200, 'text/html; charset=utf-8', arrivalsView(sandbox), {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'",
  });

function hubView({ url, pushLine }: ShownHub): string {
  const docs = escapeHtml(`${url}/docs`);
  const line =
    pushLine === undefined
      ? ''
      : `<p>${both('在终端里执行这一行，下面的手机就会收到推送：', 'Run this line in a terminal; the push shows up on the phone below:')}
<button data-copy="push-line">${both('复制', 'copy')}</button></p><pre id="push-line">${escapeHtml(pushLine)}</pre>`;
  const start = escapeHtml(url);
  return `${line}<p>Hub: <a href="${start}">${start}</a> · <a href="${docs}">${docs}</a></p>`;
}
