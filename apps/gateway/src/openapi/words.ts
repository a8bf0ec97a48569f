import { Locale } from '@hark/contracts';
import { Access, Route } from '../routes/route';

const who: Readonly<Record<Locale, Readonly<Record<Access, string>>>> = {
  en: {
    anyone: 'anyone',
    user: 'a person, with a session',
    operator: 'an operator, with a session',
    admin: 'an admin, with a session',
    app: 'an app, with its secret',
    credential: 'an app, with a binding key or its secret',
    'owner-or-app': 'the owner with a session, or the app with its secret',
  },
  'zh-CN': {
    anyone: '任何人',
    user: '已登录的用户',
    operator: '已登录的运营人员',
    admin: '已登录的管理员',
    credential: '应用，凭授权密钥或应用密钥',
    app: '应用，凭应用密钥',
    'owner-or-app': '应用的所有者（已登录），或应用本身（凭应用密钥）',
  },
};

const words = {
  en: {
    who: (caller: string, status: number) => `For ${caller}. Answers ${status}.`,
    idempotent: 'Takes an Idempotency-Key.',
    plain:
      'Also takes a form, a plain text (its field body) and query parameters; never a key in the address. A form that names no field is a plain text.',
    batch:
      'Takes at most 1000 pushes in 1 MiB, each at most 64 KiB. A push that is refused has its problem in the place of its answer, and the others go on.',
    stream:
      'Stays open. Begins now, or behind the event whose id is in the header Last-Event-ID: nothing is missed and nothing comes twice; in the inbox, whoever was away for more than thirty days may be told `reset`, and then reads the list. Ends with the event `end` when the session, key or secret no longer counts.',
    patch: 'Also as PUT, or as POST with X-HTTP-Method-Override: PATCH.',
  },
  'zh-CN': {
    who: (caller: string, status: number) => `调用者：${caller}。成功时返回 ${status}。`,
    idempotent: '支持 Idempotency-Key。',
    plain: '也接受表单、纯文本（作为 body 字段）和查询参数；密钥不能放在网址中。未含任何已知字段的表单按纯文本处理。',
    batch: '一次最多 1000 条、共 1 MiB，每条最多 64 KiB。被拒绝的推送在其结果中返回错误，其余照常处理。',
    stream:
      '连接保持打开。从现在开始，或从请求头 Last-Event-ID 所指事件之后继续：不遗漏，也不重复；收件箱中，离开超过三十天可能收到 `reset`，此时请重新读取列表。登录态、key 或密钥失效时以 `end` 事件结束。',
    patch: '也可使用 PUT，或带 X-HTTP-Method-Override: PATCH 的 POST。',
  },
} as const;

/** Who may make a call, what it answers, and in which ways it can be made. */
export function notesOf(row: Route, locale: Locale): string {
  const said = words[locale];
  return [
    said.who(who[locale][row.access], row.status),
    ...(row.idempotent ? [said.idempotent] : []),
    ...(row.plain ? [said.plain] : []),
    ...(row.batch ? [said.batch] : []),
    ...(row.stream ? [said.stream] : []),
    ...(row.method === 'PATCH' ? [said.patch] : []),
  ].join(' ');
}
