import { skeletonOf } from './name-skeleton';

/**
 * The mailbox behind a mail address, however it is written. Used for counting only: mails go to the address as typed.
 */
export interface Mailbox {
  readonly mailbox: string;
  /** The domain that somebody registered, without the names below it. */
  readonly domain: string;
  /** Unrelated people share the domain, so it is not counted as a whole. */
  readonly shared: boolean;
}

// Providers that take one account's mail under several spellings: what they ignore in the local part, and one name for
// all their domains. Ignoring too much only makes two people share one count.
const gmail = { overlooked: /\./g, domain: 'gmail.com' };
const proton = { overlooked: /[._-]/g, domain: 'proton.me' };
const yandex = { overlooked: /[.-]/g, domain: 'yandex.com' };
const microsoft = { overlooked: /(?!)/g, domain: undefined };
const spellings: Readonly<Record<string, { readonly overlooked: RegExp; readonly domain: string | undefined }>> = {
  'gmail.com': gmail,
  'googlemail.com': gmail,
  'proton.me': proton,
  'protonmail.com': proton,
  'pm.me': proton,
  'yandex.com': yandex,
  'yandex.ru': yandex,
  'ya.ru': yandex,
  'outlook.com': microsoft,
};

/** Mail for the public, by registered domain: each account is one person, and a domain has many. */
const publicProviders: ReadonlySet<string> = new Set([
  ...Object.keys(spellings),
  ...['hotmail.com', 'live.com', 'msn.com', 'icloud.com', 'me.com', 'yahoo.com', 'gmx.com', 'gmx.net', 'mail.ru'],
  ...['qq.com', 'foxmail.com', '163.com', '126.com', 'yeah.net', 'sina.com', 'sina.cn', 'sohu.com', '139.com'],
  ...['189.cn', 'wo.cn', 'aliyun.com', '21cn.com', 'tom.com', 'fastmail.com', 'zoho.com', 'aol.com', 'web.de'],
]);

/** `address` is in the form that `parseMailAddress` gives: one `@`, nothing quoted. */
export function mailboxOf(address: string): Mailbox {
  const at = address.lastIndexOf('@');
  const written = address.slice(at + 1).toLowerCase();
  const spelling = Object.hasOwn(spellings, written) ? spellings[written] : undefined;
  // Nearly everywhere the text after a plus is the reader's own tag (subaddressing, RFC 5233). Elsewhere two mailboxes
  // share one count.
  const [given = ''] = address.slice(0, at).toLowerCase().split('+', 1);
  // Beyond ASCII letters that look alike share a count, and so do spellings that a server may take for one.
  const untagged = /[^\p{ASCII}]/u.test(given) ? skeletonOf(given) || given : given;
  const local = spelling ? untagged.replace(spelling.overlooked, '') : untagged;
  const domain = registered(written);
  return {
    mailbox: `${local}@${spelling?.domain ?? written}`,
    domain,
    shared: publicProviders.has(domain),
  };
}

/** The last two labels; three under a country's own second level, such as `com.cn` or `co.uk`. */
function registered(domain: string): string {
  const labels = domain.split('.');
  const [second = '', top = ''] = labels.slice(-2);
  return labels.slice(top.length === 2 && second.length <= 3 ? -3 : -2).join('.');
}
