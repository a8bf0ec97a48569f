import type { BarkPush } from '../bark/bark';
import type { Mail } from '../mail/mail-server';
import type { Sandbox } from '../sandbox';
import { both, escapeHtml } from './html';

/** What the page shows at most: phones, pushes on each, and mails. */
const phonesMax = 20;
const pushesMax = 20;
const mailsMax = 30;

/**
 * The phones and the mailbox as HTML. Whatever has an id never changes but for the children of what is marked `data-list`:
 * the page's script relies on it to bring in what is new and leave alone what is there.
 */
export function arrivalsView(sandbox: Sandbox): string {
  return `<section><h2>${both('手机', 'Phones')}</h2><div id="phones" data-list>${phones(sandbox)}</div></section>
<section class="mails"><h2>${both('邮箱', 'Mailbox')}</h2><div id="mails" data-list>${mails(sandbox.mail.mails.list({}))}</div></section>`;
}

function phones({ bark }: Sandbox): string {
  const keys = bark.devices.keys().slice(-phonesMax);
  if (keys.length === 0) return `<p id="no-phone">${both('还没有设备。', 'No device yet.')}</p>`;
  return keys.map((key) => phone(key, bark.pushes.list({ key }))).join('\n');
}

function phone(key: string, pushes: BarkPush[]): string {
  const shown = pushes.filter((push) => push.state === 'shown').slice(-pushesMax);
  const name = escapeHtml(key);
  const cards = shown.toReversed().map(card).join('\n');
  const none = `<article id="none-${name}"><small>${both('没有通知', 'no notifications')}</small></article>`;
  return `<div class="phone" id="phone-${name}" data-list><h3 id="name-${name}">${name}</h3>
${cards || none}</div>`;
}

function card({ seq, title, subtitle, body, params, receivedAtMs }: BarkPush): string {
  const text = params.ciphertext ? '🔒 已加密 · encrypted' : (params.markdown ?? body);
  const notes = [time(receivedAtMs), params.level, params.group, params.url].filter(Boolean).join(' · ');
  return `<article id="push-${seq}">${title ? `<h4>${escapeHtml(title)}</h4>` : ''}
${subtitle ? `<p><b>${escapeHtml(subtitle)}</b></p>` : ''}<p>${escapeHtml(text)}</p><small>${escapeHtml(notes)}</small></article>`;
}

function mails(all: Mail[]): string {
  const newest = all.slice(-mailsMax).toReversed();
  if (newest.length === 0) return `<p id="no-mail">${both('还没有邮件。', 'No mail yet.')}</p>`;
  return newest.map(mail).join('\n');
}

// The frame may run nothing; it shares the page's origin only so that the page can make it as high as its mail.
function mail({ seq, from, to, subject, receivedAtMs }: Mail): string {
  const about = `${from} → ${to.join(', ')} · ${time(receivedAtMs)}`;
  return `<article id="mail-${seq}"><h4>${escapeHtml(subject)}</h4><small>${escapeHtml(about)}</small>
<iframe src="/mail/${seq}" sandbox="allow-same-origin allow-popups" title="${escapeHtml(subject)}"></iframe></article>`;
}

const time = (ms: number): string => new Date(ms).toISOString().slice(11, 19);
