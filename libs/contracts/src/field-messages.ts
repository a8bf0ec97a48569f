import { z } from 'zod';
import { Locale } from './fields';

/** What a value should have been, by zod's name for it. */
const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  date: 'a time',
};

/** What an issue says to whoever sent the field: what is needed, and for lengths what came. Never the value itself. */
export function fieldMessage(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is needed';
      return `must be ${kinds[issue.expected] ?? 'of another kind'}`;
    case 'too_big':
      return `at most ${amount(issue.origin, issue.maximum)}${has(issue.input)}`;
    case 'too_small':
      if (issue.origin === 'string' && Number(issue.minimum) === 1) return 'must not be empty';
      return `at least ${amount(issue.origin, issue.minimum)}${has(issue.input)}`;
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
    case 'invalid_format':
      if (!issue.message.startsWith('Invalid')) return issue.message;
      return issue.format === 'datetime' ? 'must be a time such as 2026-12-01T09:00:00Z' : 'has the wrong form';
    case 'not_multiple_of':
      return 'must be a whole number';
    case 'invalid_union':
      return 'fits none of the forms it may have';
    case 'custom':
      return issue.message;
    default:
      return 'is not valid';
  }
}

const grouped = (number: number | bigint): string => String(number).replace(/\B(?=(\d{3})+$)/g, ' ');

function amount(origin: string, bound: number | bigint): string {
  const unit = origin === 'string' ? ' characters' : origin === 'array' || origin === 'set' ? ' entries' : '';
  return `${grouped(bound)}${unit}`;
}

function has(input: unknown): string {
  return typeof input === 'string' || Array.isArray(input) ? `, has ${grouped(input.length)}` : '';
}

const number = '([\\d ]+)';
/** Every message a field can get, in Chinese. `$1` … stand for what is in the brackets of the English one. */
const chinese: readonly (readonly [english: string, chinese: string])[] = [
  ['is needed', '必填'],
  ['must not be empty', '不能为空'],
  ['unknown field', '未知字段'],
  ['unknown field; known are (.+)', '未知字段,可用的有 $1'],
  ['unknown field; did you mean (.+)\\? Known are (.+)', '未知字段,是不是 $1?可用的有 $2'],
  ['was sent twice', '发送了两次'],
  ['must be percent-encoded UTF-8', '必须是百分号编码的 UTF-8'],
  ['is UTF-16; send UTF-8', '是 UTF-16,请使用 UTF-8'],
  ['is not UTF-8', '不是 UTF-8'],
  ['is not JSON', '不是 JSON'],
  [`line ${number}, column ${number}: it ends too early`, '第 $1 行第 $2 列:内容不完整'],
  [`line ${number}, column ${number}: a comma before (.)`, '第 $1 行第 $2 列:$3 前面多了一个逗号'],
  [`line ${number}, column ${number}: text stands in double quotes`, '第 $1 行第 $2 列:文本须使用双引号'],
  [
    `line ${number}, column ${number}: a line end or tab inside text is written .+`,
    '第 $1 行第 $2 列:文本中的换行和制表符须写作 \\n、\\t',
  ],
  [`line ${number}, column ${number}: unexpected (.)`, '第 $1 行第 $2 列:此处不应有 $3'],
  [`line ${number}, column ${number}: an unexpected character`, '第 $1 行第 $2 列:此处不应有该字符'],
  ['is named twice', '重复出现'],
  ['is not valid', '无效'],
  ['has the wrong form', '格式不正确'],
  ['fits none of the forms it may have', '不符合任何一种允许的形式'],
  ['must be a text', '必须是文本'],
  ['must be a number', '必须是数字'],
  ['must be a whole number', '必须是整数'],
  ['must be true or false', '必须是 true 或 false'],
  ['must be a list', '必须是列表'],
  ['must be an object', '必须是对象'],
  ['must be a time', '必须是时间'],
  ['must be of another kind', '类型不正确'],
  ['must be a time such as (.+)', '必须是时间,例如 $1'],
  ['must be one of (.+)', '必须是以下之一:$1'],
  [`at most ${number} characters, has ${number}`, '最多 $1 个字符,现有 $2 个'],
  [`at most ${number} characters as it is shown, has ${number}`, '显示时最多 $1 个字符,现有 $2 个'],
  [`at least ${number} characters, has ${number}`, '至少 $1 个字符,现有 $2 个'],
  [`at most ${number} entries, has ${number}`, '最多 $1 项,现有 $2 项'],
  [`at least ${number} entries, has ${number}`, '至少 $1 项,现有 $2 项'],
  [`at most ${number}`, '最大为 $1'],
  [`at least ${number}`, '最小为 $1'],
  ['must be a UUID', '必须是 UUID'],
  ['must be between 1970 and 9999', '必须在 1970 年至 9999 年之间'],
  ['must be in the future', '必须晚于现在'],
  ['must be absent when muted is false', 'muted 为 false 时不能填写'],
  ['must not hold control characters', '不能包含控制字符'],
  ['must not hold NUL or half of a surrogate pair', '不能包含 NUL 或不完整的代理对'],
  ['must be well-formed Unicode', '必须是有效的 Unicode 文本'],
  ['must be printable ASCII', '必须是可打印的 ASCII 字符'],
  ['must be an http or https address', '必须是 http 或 https 地址'],
  ['must be sealed', '必须是密文'],
  ['must be a nextCursor that a list returned', '必须是列表返回的 nextCursor'],
  ['must be one plain mail address, such as (.+)', '必须是一个普通的邮箱地址,例如 $1'],
  [
    'must have only unaccented letters, digits and signs before the @: few mail servers take anything else',
    '@ 之前只能有不带重音的字母、数字和符号:其他字符很少有邮件服务器接受',
  ],
  ['must be a WeChat appId', '必须是微信 AppID'],
  ['must be 64 hexadecimal digits', '必须是 64 位十六进制数字'],
  ['must be a SHA-256 in hexadecimal', '必须是十六进制的 SHA-256'],
  ['must be a public address: this one is of a private or reserved network', '必须是公网地址:该地址属于内网或保留网段'],
  ['must be a public host name: this one is of a private network', '必须是公网域名:该域名属于内网'],
  ['must be on one of the ports (.+): no other is called', '端口必须是以下之一:$1'],
  ['must begin with https://', '必须以 https:// 开头'],
  ['must be an address that begins with https:// and has no blanks in it', '必须是以 https:// 开头且不含空格的地址'],
  ['must not be this hub itself', '不能是本服务自己'],
  ['must not hold a user name or password', '不能包含用户名或密码'],
  ['must not have a part after #', '不能有 # 之后的部分'],
  ['must be the key of a Bark device, or the address the app copies', '必须是 Bark 设备的 key,或 App 中复制的地址'],
  ['must be the server of the address in deviceKey', '必须与 deviceKey 中地址的服务器一致'],
  [
    'is needed: the address in deviceKey does not show where the server ends and the key begins\\. Give the server here, and the key alone in deviceKey',
    '必填:从 deviceKey 中的地址看不出服务器与 key 的分界。请在此填写服务器,并在 deviceKey 中只填 key',
  ],
  ['must be 16, 24 or 32 ASCII characters', '必须是 16、24 或 32 个 ASCII 字符'],
  ['must be as long as the algorithm needs: 16, 24 or 32 characters', '长度须符合算法要求:16、24 或 32 个字符'],
  ['must be whsec_ and base64 of 24 to 64 bytes', '必须是 whsec_ 加 24 至 64 字节的 base64'],
  ['must name a kind of endpoint', '必须是一种通道'],
  ['must have fields with plain names', '字段名必须是普通名称'],
  [`must have at most ${number} fields`, '最多 $1 个字段'],
  ['must hold a letter or a digit', '必须包含文字或数字'],
  ['must not pile marks on a letter', '不能在一个字母上堆叠符号'],
  ['must hold only characters that everybody can read', '只能使用大家都能认读的字符'],
  ['must be PATCH, PUT or DELETE', '必须是 PATCH、PUT 或 DELETE'],
  ['is needed with an app secret', '使用应用密钥时必填'],
  ['differs from the key in Authorization: send one of them', '与 Authorization 中的 key 不同:只需发送其中一个'],
  ['did not pass moderation', '未通过内容审核'],
  ['has no effect on this hub yet: leave it out', '本服务尚不支持,请不要填写'],
  ['cannot be read', '无法读取'],
  ['is malformed', '格式错误'],
  ['must be (.+)', '必须是 $1'],
];
const translations = chinese.map(([english, text]) => [new RegExp(`^${english}$`, 'u'), text] as const);

/** The message in the reader's language; as it is where nobody has translated it. */
export function inLanguage(message: string, locale: Locale): string {
  if (locale === 'en') return message;
  for (const [english, text] of translations) {
    const found = english.exec(message);
    if (found) return text.replace(/\$(\d)/g, (_, index: string) => found[Number(index)] ?? '');
  }
  return message;
}
