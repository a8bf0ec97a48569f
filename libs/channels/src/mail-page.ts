import { Locale } from '@hark/contracts';
import { words } from './words';

/** What a mail shows, top to bottom. Everything is text as somebody wrote it; nothing of it is HTML yet. */
export interface MailPage {
  readonly locale: Locale;
  /** Who it is from, above the title. */
  readonly from: string;
  readonly title?: string;
  /** What a list of mails shows behind the subject; not on the page itself. Without it readers take the first words they find. */
  readonly preview?: string;
  readonly body: string;
  /** Where a ticket stands: in words, and its steps so far, the present one marked. */
  readonly steps?: {
    readonly said: string;
    readonly line: readonly { readonly label: string; readonly now: boolean }[];
  };
  /** What the person may do, as buttons; addresses that `webAddress` or `actionHref` made. */
  readonly actions?: readonly MailLinkShown[];
  /** Shown large and alone, so that it can be read from a phone and copied whole. */
  readonly code?: string;
  /** The way on: an address that `webAddress` made, and what it is called. */
  readonly link?: MailLinkShown;
  /** Why the mail came and how to stop it. */
  readonly footer: string;
  /** Links of the hub's own below the footer. */
  readonly stops?: readonly MailLinkShown[];
}

/** An address in a mail, what it is called, and, where the name is somebody else's, where it leads. */
export interface MailLinkShown {
  readonly href: string;
  readonly label: string;
  readonly target?: string;
}

/** Escapes `text` for use as HTML text or as the value of a double-quoted attribute. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"'`]/g, (character) => `&#${character.codePointAt(0)};`);

// A line end becomes <br> for readers that ignore pre-wrap; the line feed itself goes, so that the others show only one.
const lines = (text: string): string => escapeHtml(text).replace(/\r\n|\r|\n/g, '<br>');

const stopLink = ({ href, label }: MailLinkShown): string =>
  `<a class="faint" href="${escapeHtml(href)}" rel="noopener noreferrer" style="display:inline-block;padding:10px 20px 10px 0;color:#6b7280;font-size:13px">${escapeHtml(label)}</a>`;

// The name stands in its own direction, so that it cannot turn round what is said of where it leads.
const button = (locale: Locale, { href, label, target }: MailLinkShown): string =>
  `<a class="button" href="${escapeHtml(href)}" rel="noopener noreferrer" style="display:inline-block;margin:0 8px 8px 0;padding:9px 16px;border-radius:8px;background:#1864ab;color:#ffffff;font-size:15px;text-decoration:none;overflow-wrap:anywhere"><bdi>${escapeHtml(label)}</bdi>${target === undefined ? '' : `<bdi>${escapeHtml(words[locale].leadsTo(target))}</bdi>`}</a>`;

const stepsLine = ({ said, line }: NonNullable<MailPage['steps']>): string =>
  `<div class="faint" style="color:#6b7280;font-size:13px">${escapeHtml(said)}</div>` +
  `<div class="text" style="color:#1f2328;font-size:15px;line-height:1.7;overflow-wrap:anywhere">${line
    .map(({ label, now }) => (now ? `<b><bdi>${escapeHtml(label)}</bdi></b>` : `<bdi>${escapeHtml(label)}</bdi>`))
    .join(' → ')}</div>`;

/**
 * For readers that follow style sheets: dark where the person's device is. Each colour stands at its place as well, because
 * others take out the head.
 */
const darkStyle = `
  :root { color-scheme: light dark; supported-color-schemes: light dark; }
  @media (prefers-color-scheme: dark) {
    .page { background: #1a1b1e !important; }
    .card { background: #25262b !important; border-color: #373a40 !important; }
    .text { color: #e9ecef !important; }
    .faint { color: #a6a7ab !important; }
    .rule { border-color: #373a40 !important; }
    .code { background: #373a40 !important; color: #e9ecef !important; }
    .way { color: #74c0fc !important; }
  }
  @media (max-width: 600px) { .outer { padding: 0 !important; } .card { border-radius: 0 !important; } }`;

/**
 * A mail as HTML: one column of at most 600 px, a table because some readers know no other layout. Nothing is loaded from
 * anywhere. Words keep their blanks, tabs and line ends, break where they are too long for the column, and run in the
 * direction of their own script.
 */
export function mailPage({
  locale,
  from,
  title,
  preview,
  body,
  steps,
  actions = [],
  code,
  link,
  footer,
  stops = [],
}: MailPage): string {
  const row = (padding: string, content: string) => `<tr><td style="padding:${padding}">${content}</td></tr>`;
  const wrap = 'white-space:pre-wrap;overflow-wrap:anywhere;word-break:break-word';
  const rows = [
    row('20px 24px 0', `<div class="faint" dir="auto" style="color:#6b7280;font-size:13px">${escapeHtml(from)}</div>`),
    title === undefined
      ? ''
      : row(
          '8px 24px 0',
          `<h1 class="text" dir="auto" style="margin:0;color:#1f2328;font-size:20px;line-height:1.4;${wrap}">${lines(title)}</h1>`,
        ),
    row(
      '12px 24px 0',
      `<div class="text" dir="auto" style="color:#1f2328;font-size:16px;line-height:1.7;${wrap}">${lines(body)}</div>`,
    ),
    steps === undefined ? '' : row('16px 24px 0', stepsLine(steps)),
    code === undefined
      ? ''
      : row(
          '16px 24px 0',
          `<div class="code" style="display:inline-block;padding:10px 18px;border-radius:8px;background:#f1f3f5;color:#1f2328;font-size:28px;letter-spacing:4px;font-family:monospace">${escapeHtml(code)}</div>`,
        ),
    link === undefined
      ? ''
      : row(
          '16px 24px 0',
          `<a class="way" href="${escapeHtml(link.href)}" rel="noopener noreferrer" style="color:#1864ab;font-size:16px;${wrap}">${escapeHtml(link.label)}</a>`,
        ),
    actions.length === 0 ? '' : row('16px 24px 0', actions.map((action) => button(locale, action)).join('')),
    row(
      '24px 24px 20px',
      `<div class="faint rule" style="border-top:1px solid #e5e7eb;padding-top:12px;color:#6b7280;font-size:12px;line-height:1.6;overflow-wrap:anywhere">${escapeHtml(footer)}</div>${stops.length === 0 ? '' : `<div>${stops.map(stopLink).join('')}</div>`}`,
    ),
  ];
  return [
    `<!doctype html><html lang="${locale}"><head><meta charset="utf-8"><title>${escapeHtml(title ?? from)}</title>`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">',
    `<style>${darkStyle}</style></head>`,
    "<body class=\"page\" style=\"margin:0;background:#f6f7f9;font-family:-apple-system,'Segoe UI','PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif\">",
    preview === undefined
      ? ''
      : `<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${escapeHtml(preview)}</div>`,
    '<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td class="outer" align="center" style="padding:24px 12px">',
    '<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" style="max-width:600px;background:#ffffff;border:1px solid #e5e7eb;border-radius:12px;text-align:start">',
    ...rows.filter((each) => each !== ''),
    '</table></td></tr></table></body></html>',
  ].join('\n');
}
