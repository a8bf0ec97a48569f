import { createHash } from 'node:crypto';
import type { BarkPush } from '../bark/bark';
import { reply, type Reply } from '../http/exchange';
import type { Mail } from '../mail/mail-server';
import type { Sandbox } from '../sandbox';

/** What the page shows at most: phones, pushes on each, and mails. */
const phonesMax = 20;
const pushesMax = 20;
const mailsMax = 30;
const refreshSeconds = 2;

const style = `
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; background: #f3f4f6; color: #111 }
main { display: flex; flex-wrap: wrap; gap: 2rem; align-items: flex-start }
.phone { width: 20rem; min-height: 12rem; background: #1f2937; border-radius: 2rem; padding: 1.5rem 1rem }
.phone h3 { color: #9ca3af; font-size: .8rem; text-align: center; margin: 0 0 1rem; word-break: break-all }
article { background: #fff; border-radius: .8rem; padding: .6rem .9rem; margin-bottom: .6rem; overflow-wrap: anywhere }
article h4 { margin: 0 }
article p { margin: .2rem 0; white-space: pre-wrap }
.mails { flex: 1; min-width: 22rem }
small { color: #6b7280 }`;
const styleHash = createHash('sha256').update(style).digest('base64');

/** The phones and the mailbox as a page that reloads itself. Loads nothing, runs nothing, escapes everything. */
export function page(sandbox: Sandbox): Reply {
  const body = `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="${refreshSeconds}">
<title>Hark 沙盒 · sandbox</title>
<style>${style}</style>
</head>
<body>
<h1>Hark 沙盒 · sandbox</h1>
<p>这里代替微信、Bark、邮件服务器和回调接收方，只用于开发与测试。<br>
<span lang="en">Stands in for WeChat, Bark, a mail server and webhook receivers. For development and tests only.</span></p>
<main>
<section><h2>手机 · Phone</h2>${phones(sandbox)}</section>
<section class="mails"><h2>邮箱 · Mailbox</h2>${mails(sandbox.mail.mails.list({}))}</section>
</main>
</body>
</html>
`;
  return reply(200, 'text/html; charset=utf-8', body, {
    'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; frame-ancestors 'none'`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
}

function phones({ bark }: Sandbox): string {
  const keys = bark.devices.keys().slice(-phonesMax);
  if (keys.length === 0) return '<p>还没有设备。<span lang="en">No device yet.</span></p>';
  return keys.map((key) => phone(key, bark.pushes.list({ key }))).join('\n');
}

function phone(key: string, pushes: BarkPush[]): string {
  const shown = pushes.filter((push) => push.state === 'shown').slice(-pushesMax);
  const cards = shown.toReversed().map(card).join('\n');
  return `<div class="phone"><h3>${escapeHtml(key)}</h3>
${cards || '<article><small>没有通知 · <span lang="en">no notifications</span></small></article>'}</div>`;
}

function card({ title, subtitle, body, params, receivedAtMs }: BarkPush): string {
  const text = params.ciphertext ? '🔒 已加密 · encrypted' : (params.markdown ?? body);
  const notes = [time(receivedAtMs), params.level, params.group, params.url].filter(Boolean).join(' · ');
  return `<article>${title ? `<h4>${escapeHtml(title)}</h4>` : ''}
${subtitle ? `<p><b>${escapeHtml(subtitle)}</b></p>` : ''}<p>${escapeHtml(text)}</p><small>${escapeHtml(notes)}</small></article>`;
}

function mails(all: Mail[]): string {
  const newest = all.slice(-mailsMax).toReversed();
  if (newest.length === 0) return '<p>还没有邮件。<span lang="en">No mail yet.</span></p>';
  return newest
    .map(
      ({ from, to, subject, text, receivedAtMs }) => `<article><h4>${escapeHtml(subject)}</h4>
<small>${escapeHtml(`${from} → ${to.join(', ')} · ${time(receivedAtMs)}`)}</small><p>${escapeHtml(text)}</p></article>`,
    )
    .join('\n');
}

const time = (ms: number): string => new Date(ms).toISOString().slice(11, 19);

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Safe as text and inside a quoted attribute. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character]!);
