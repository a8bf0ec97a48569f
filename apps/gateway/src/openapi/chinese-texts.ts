import { chineseFields } from './chinese-fields';

/** What the document says in English, in Chinese: descriptions by their English text. */
const chineseTexts: Readonly<Record<string, string>> = {
  ...chineseFields,
  'A consent-first push hub. JSON in UTF-8, times in UTC. Errors are problem documents with a stable code. The lines of curl take who calls from the shell: `SESSION`, an `accessToken` of `POST /v1/sessions`; `SECRET`, an app secret; `KEY`, a binding key.\n\nTools that speak Bark, ntfy, Gotify or Server酱 push here too: their server is this address followed by `/bark`, `/ntfy`, `/gotify` or `/serverchan`, and a binding key stands in the place of the device key, topic, token or SendKey: `/bark/KEY/TITLE/BODY`, `/ntfy/KEY`, `/gotify/message?token=KEY`, `/serverchan/KEY.send`. Title, text, link, picture and priority are those of the push. What only their own apps know of, such as a sound, is left out; what would change the meaning is refused by name.':
    '以用户授权为先的推送中心。数据为 UTF-8 编码的 JSON，时间为 UTC。错误以问题文档返回，其中 code 不会改变。curl 示例从 shell 变量读取调用者的凭证：`SESSION` 为 `POST /v1/sessions` 返回的 `accessToken`，`SECRET` 为应用密钥，`KEY` 为授权密钥。\n\n支持 Bark、ntfy、Gotify 或 Server酱 的工具也可以推送：将服务器设为本服务的地址加上 `/bark`、`/ntfy`、`/gotify` 或 `/serverchan`，并在原来填写设备 key、topic、token 或 SendKey 的位置填写授权密钥：`/bark/KEY/TITLE/BODY`、`/ntfy/KEY`、`/gotify/message?token=KEY`、`/serverchan/KEY.send`。标题、正文、链接、图片和优先级与直接推送相同；铃声等仅对其自身应用有意义的字段不起作用，会改变推送含义的字段会被拒绝并指明名称。',
  // Groups
  'Log in and out, and who one is.': '登录、退出，以及当前用户的信息。',
  'Those who send, their owners, bindings and standing.': '发送推送的应用，及其所有者、授权和信用。',
  'The consent that a person gives an app.': '用户对应用的授权。',
  'Where a person is reached.': '可以触达用户的通道。',
  'What apps send, and what became of it.': '应用发送的推送及其结果。',
  'What came for a person.': '用户收到的消息。',
  "A person's complaints about what came.": '用户对消息的投诉。',
  'For operators and admins: queues, bans, roles.': '供运营人员和管理员使用：队列、封禁、角色。',
  'A person’s session': '用户的登录态',
  'An app secret has_…': '应用密钥 has_…',
  'A binding key hk_… or an app secret has_…': '授权密钥 hk_… 或应用密钥 has_…',
  // Headers
  'The language of every text made by Hark: `zh-CN` or `en`.': 'Hark 所写文字的语言：`zh-CN` 或 `en`。',
  'The same key and body get the same answer, for at least 24 hours.':
    '至少 24 小时内，相同的 key 和请求体得到相同的结果。',
  'As a write answered it: this read then sees that write, or is answered 503.':
    '填写一次写入所返回的值：本次读取必能看到那次写入，否则返回 503。',
  'The id of the last event that the client has; also any `Hark-Position`.':
    '客户端收到的最后一个事件的 id；也可以是任何 `Hark-Position`。',
  'Where the log stands after this write. A read that sends it back sees the write, or is answered 503. Absent when nothing was written.':
    '本次写入之后日志的位置。带上它读取必能看到这次写入，否则返回 503。没有写入时不返回。',
  'This is the answer that the same Idempotency-Key got before. Absent otherwise.':
    '表示这是相同 Idempotency-Key 此前得到的结果；否则不返回。',
  'Where the thing made can be read.': '新建对象的地址。',
  'What is left: `"name";r=requests;t=seconds until it is full again`.':
    '剩余额度：`"名称";r=请求数;t=恢复满额所需秒数`。',
  'The limit: `"name";q=requests;w=seconds`.': '限额：`"名称";q=请求数;w=秒数`。',
  'Seconds to wait before the next try.': '再次尝试前应等待的秒数。',
  'Always `Bearer`.': '总是 `Bearer`。',
  'The id of this request, to be named when asking about it.': '本次请求的编号，咨询问题时请提供。',
  // Answers
  'Done.': '成功。',
  'Made.': '已创建。',
  'Taken.': '已接受。',
  'Done; there is no body.': '成功，无返回内容。',
  'Any other refusal, by its code.': '其他错误，见 code。',
  'The request cannot be read or does not fit its schema.': '请求无法解析，或不符合格式。',
  'The session, key or secret is missing or does not count.': '登录态、key 或密钥缺失或无效。',
  'Whoever calls may not do this.': '调用者无权这样做。',
  'There is no such thing, or it is somebody else’s.': '对象不存在，或属于他人。',
  'The body is too large.': '请求体过大。',
  'The body is of a type or an encoding that is not taken.': '不支持请求体的类型或编码。',
  'It can be read and is not possible.': '请求可以解析，但无法执行。',
  'Too much at once.': '请求过于频繁。',
  'Not possible at the moment; the outcome may not be known. Safe to repeat with the same Idempotency-Key.':
    '暂时无法处理，结果可能未知。可用相同的 Idempotency-Key 安全重试。',
  // What is sent
  'In place of the field in the body': '可代替请求体中的同名字段',
  'The field body; the others may stand in the query': '即 body 字段；其他字段可放在查询参数中',
  'After so many days messages leave the inbox, unless they are kept. `null`: never.':
    '消息在收件箱中保存的天数，收藏的除外。`null`：永久保存。',
  'A wish: until control of the mini program is proven it reserves nothing and reaches nobody.':
    '仅为意向：证明控制该小程序之前，既不占用它，也触达不到任何人。',
  'Where people may be sent back to after a binding request; compared letter by letter.':
    '授权请求结束后可跳回的地址，须逐字符一致。',
  'Called with what concerns the app, signed as Standard Webhooks has it. The answer holds its `callbackSecret`, once.':
    '与应用有关的事件会调用此地址，按 Standard Webhooks 签名。返回中含 `callbackSecret`，仅此一次。',
  'The secrets before it end at once instead of after 24 hours.': '旧密钥立即作废，而不是 24 小时后。',
  'The id that `GET /v1/me` shows to the person who is to own the app.': '受让人在 `GET /v1/me` 中看到的 id。',
  'Handed back as it is beside the code.': '与授权码一起原样返回。',
  'Shown to the person; moderated like every text.': '展示给用户，与其他文字一样经过内容安全检查。',
  'Ids of own endpoints. Absent: every verified one.': '用户自己的通道 id。不填：所有已验证的通道。',
  'The `hash` of the terms that were shown; refused when they read differently by now.':
    '所展示条款的 `hash`；条款已变更时会被拒绝。',
  'A later push of the same binding with this id replaces it on the phone.':
    '同一授权下 id 相同的后一条推送会在手机上取代前一条。',
  'Where a thread stands: step `index` of `of`, such as 2 of 6, 已出发.':
    '工单进度：共 `of` 步中的第 `index` 步，如 2/6 已出发。',
  'Other words for readers of that language; what a variant leaves out stays.':
    '给使用该语言的读者的另一种文字；未填的部分沿用原文。',
  'Handed to the reader’s client as it is.': '原样交给读者的客户端。',
  'Not before; at most 366 days ahead. Consent is looked up again then.':
    '不早于此时发送，最多提前 366 天；届时会重新核对授权。',
  'Not after: whatever has not left by then stays here.': '不晚于此时：届时尚未发出的不再发送。',
  'An ISO 8601 duration.': 'ISO 8601 时长。',
  'Said again every so long, at most so often, until its person acknowledges it or presses a button.':
    '按此间隔再次提醒，不超过此次数，直到用户确认或按下按钮。',
  'Whom it goes to when nobody has acknowledged it so long after it came. Only with an app secret.':
    '送达后这么久仍无人确认时，转而通知此人。仅限使用应用密钥。',
  'Of whom it goes to next: when, unless somebody has acknowledged it by then.':
    '仅见于依次转给的人：届时若仍无人确认，便转给此人的时间。',
  'Of what has not rung yet, such as a later try or a reminder.': '只影响尚未响铃的部分，例如之后的重试或再次提醒。',
  '`null` sends it now. Only before it was sent.': '`null` 表示立即发送。仅限发送之前。',
  'Only before it is in the inbox.': '仅限进入收件箱之前。',
  'Those put away; without it, those that are not.': '只列出已归档的；不填则列出未归档的。',
  "Of the threads of that name, each app's its own.": '名为此的工单会话，各应用互不相干。',
  'Messages that hold each of these words, in any of their texts or the app’s name, also as a part of a longer one; those put away too. A page may have fewer than `limit` before the last one: a call looks through 10 000 messages.':
    '文字或应用名中含有每个词的消息（也可以是词的一部分），包括已归档的。一次调用查找 10 000 条消息，因此未到最后一页时也可能少于 `limit` 条。',
  'One item for each thread, with `threadState`: its newest message that no later step has overtaken.':
    '每个工单会话只列一条，附 `threadState`：未被后续步骤取代的最新消息。',
  'What `POST /v1/inbox/:id/…` does to one.': '对每条消息执行 `POST /v1/inbox/:id/…` 的同一操作。',
  'As in `GET /v1/inbox`; `{}` is everything in the list.': '与 `GET /v1/inbox` 相同；`{}` 表示列表中的全部。',
  'Only what the request with this `correlation` brought about.': '只列出由此 `correlation` 的请求引起的。',
  'Of the text that was seen. Needed once its sender has changed it.': '所看文字的版次；发送者改过文字后必填。',
};

const streamed = /^Each event has the fields of (`.*?`): `event`, its `position` as `id`, and `data` as JSON\.$/;
const refused = /^(.*?) The codes: (.*)\.$/s;

/** A description in Chinese; as it is where it has no Chinese yet, which a test finds. */
export function chineseOf(text: string): string {
  const [, what, codes] = refused.exec(text) ?? [];
  if (what !== undefined) return `${chineseOf(what)}错误码：${codes!.replaceAll(', ', '、')}。`;
  const [, schema] = streamed.exec(text) ?? [];
  if (schema)
    return `每个事件含有 ${schema} 的字段：\`event\`、作为 \`id\` 的 \`position\`，以及 JSON 格式的 \`data\`。`;
  return chineseTexts[text] ?? text;
}

/** A part of the document with its descriptions in Chinese. Examples stay as they are. */
export function inChinese<T>(part: T): T {
  if (Array.isArray(part)) return part.map((one: unknown) => inChinese(one)) as T;
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, value]: [string, unknown]) => [
      key,
      key === 'description' && typeof value === 'string'
        ? chineseOf(value)
        : key === 'example'
          ? value
          : inChinese(value),
    ]),
  ) as T;
}
