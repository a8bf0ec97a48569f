import { ClientErrorCode } from '@hark/contracts';

/** HTTP status, title and what to do next, in both languages. `{name}` is filled from the error's extra members. */
export interface ErrorText {
  readonly status: number;
  readonly en: readonly [title: string, detail: string];
  readonly zh: readonly [title: string, detail: string];
}

/** What a client is told by each code. */
export const errorTexts: Readonly<Record<ClientErrorCode, ErrorText>> = {
  'request.invalid': {
    status: 400,
    en: ['Invalid request', 'Mend the fields named in errors and send it again.'],
    zh: ['请求无效', '请按 errors 中的提示修改后重试。'],
  },
  'request.not-json': {
    status: 400,
    en: [
      'Not JSON',
      'Send a JSON object in UTF-8 with Content-Type application/json. errors says where and why it is none.',
    ],
    zh: ['不是 JSON', '请以 UTF-8 编码发送 JSON 对象，Content-Type 为 application/json。位置和原因见 errors。'],
  },
  'request.too-deep': {
    status: 400,
    en: ['Too deeply nested', 'Nest at most 32 levels and name at most 1000 fields, 16 000 in a batch.'],
    zh: ['嵌套过深', '最多 32 层、1000 个字段，批量请求为 16000 个。'],
  },
  'request.too-large': {
    status: 413,
    en: ['Too large', 'Send at most {max} bytes.'],
    zh: ['请求过大', '最多 {max} 字节。'],
  },
  'request.encoding': {
    status: 415,
    en: ['Encoding not accepted', 'Send the body as plain UTF-8 JSON, without compression.'],
    zh: ['不支持的编码', '请发送未压缩的 UTF-8 JSON。'],
  },
  'request.not-supported': {
    status: 422,
    en: ['Not supported yet', 'This hub cannot do what the fields named in errors ask for. Leave them out.'],
    zh: ['暂不支持', '本系统暂不支持 errors 中所列字段的功能，请去掉这些字段后重试。'],
  },
  'request.malformed': {
    status: 400,
    en: ['Not readable', 'Send well-formed HTTP: a valid path, headers and length.'],
    zh: ['请求格式错误', '请发送格式正确的 HTTP 请求。'],
  },
  'request.headers-too-large': {
    status: 431,
    en: ['Headers too large', 'Send at most 16 kB of headers.'],
    zh: ['请求头过大', '请求头最多 16 kB。'],
  },
  'request.too-slow': {
    status: 408,
    en: ['Came too slowly', 'Send the whole request within 15 seconds.'],
    zh: ['请求发送过慢', '请在 15 秒内发送完整请求。'],
  },
  'request.rate-limited': {
    status: 429,
    en: ['Too many requests', 'Try again after Retry-After seconds.'],
    zh: ['请求过于频繁', '请在 Retry-After 秒后重试。'],
  },
  'request.too-many-guesses': {
    status: 429,
    en: [
      'Too many wrong tries',
      'Wait {retryAfter} seconds. A device that was logged in before need not wait: send its last access token along.',
    ],
    zh: ['错误尝试过多', '请等待 {retryAfter} 秒后再试。曾登录过的设备无需等待：请带上其最近的 access token。'],
  },
  'request.content-type': {
    status: 415,
    en: [
      'Type not accepted',
      'Send JSON in UTF-8 with Content-Type application/json. Only POST /v1/pushes takes forms and plain text too.',
    ],
    zh: [
      '不支持的类型',
      '请以 UTF-8 编码发送 JSON，Content-Type 为 application/json。只有 POST /v1/pushes 还接受表单和纯文本。',
    ],
  },
  'request.deadline': {
    status: 503,
    en: ['Took too long', 'Try again; the same Idempotency-Key makes a repeat harmless.'],
    zh: ['处理超时', '请稍后重试；使用相同的 Idempotency-Key 可安全重试。'],
  },
  'request.timeout': {
    status: 503,
    en: ['No answer in time', 'The outcome is not known. Repeat with the same Idempotency-Key.'],
    zh: ['未及时收到答复', '结果未知，请用相同的 Idempotency-Key 重试。'],
  },
  'route.unknown': {
    status: 404,
    en: ['No such address', 'See /docs for what there is.'],
    zh: ['地址不存在', '请查看 /docs。'],
  },
  'method.not-allowed': {
    status: 405,
    en: ['Method not allowed', 'This address takes {allow}. See /docs.'],
    zh: ['方法不允许', '该地址支持的方法：{allow}。请查看 /docs。'],
  },
  'method.unknown': {
    status: 501,
    en: ['No such method', 'Hark is no proxy. See /docs for the methods it takes.'],
    zh: ['不支持的方法', 'Hark 不是代理服务器，支持的方法请查看 /docs。'],
  },
  'request.expectation': {
    status: 417,
    en: ['Expectation not known', 'Leave the Expect header out, or send Expect: 100-continue.'],
    zh: ['无法满足 Expect', '请去掉 Expect 请求头，或使用 Expect: 100-continue。'],
  },
  'request.not-text': {
    status: 400,
    en: ['Not UTF-8', 'Send forms and texts in UTF-8.'],
    zh: ['不是 UTF-8', '表单和文本请使用 UTF-8 编码。'],
  },
  'service.unavailable': {
    status: 503,
    en: ['Temporarily unavailable', 'Try again in a moment.'],
    zh: ['服务暂不可用', '请稍后重试。'],
  },
  'service.overloaded': {
    status: 503,
    en: ['Overloaded', 'Try again after Retry-After seconds.'],
    zh: ['服务繁忙', '请在 Retry-After 秒后重试。'],
  },
  'eventstore.busy': {
    status: 503,
    en: ['Overloaded', 'Too many changes to one thing at once. Try again in a moment.'],
    zh: ['服务繁忙', '同一对象的并发修改过多，请稍后重试。'],
  },
  'eventstore.unavailable': {
    status: 503,
    en: ['Temporarily unavailable', 'The outcome is not known. Repeat with the same Idempotency-Key.'],
    zh: ['服务暂不可用', '结果未知，请用相同的 Idempotency-Key 重试。'],
  },
  'eventstore.timeout': {
    status: 503,
    en: ['No answer in time', 'The outcome is not known. Repeat with the same Idempotency-Key.'],
    zh: ['未及时收到答复', '结果未知，请用相同的 Idempotency-Key 重试。'],
  },
  'eventstore.lost-race': {
    status: 409,
    en: ['Changed at the same time', 'Read it again and repeat the request.'],
    zh: ['同时被修改', '请重新读取后重试。'],
  },
  // Somebody has tombstoned a stream in EventStoreDB: it can never be written again.
  'eventstore.stream-deleted': {
    status: 410,
    en: ['Gone', 'What this is about has been deleted for ever by an operator of the event store.'],
    zh: ['已永久删除', '所请求的内容已被事件存储的运营人员永久删除。'],
  },
  'readmodel.behind': {
    status: 503,
    en: ['Not caught up yet', 'The read does not see your write yet. Try again after Retry-After seconds.'],
    zh: ['数据尚未同步', '尚未读到你的写入，请在 Retry-After 秒后重试。'],
  },
  'hark.internal': {
    status: 500,
    en: ['Our fault', 'Tell the operator the requestId.'],
    zh: ['内部错误', '请将 requestId 告知运营人员。'],
  },
  'caller.unsigned': {
    status: 503,
    en: [
      'Temporarily unavailable',
      'The services of this hub do not accept each other for now, as after a jump of a clock. Try again in a moment.',
    ],
    zh: ['服务暂不可用', '本站各服务暂时无法相互确认身份，例如时钟发生跳变之后。请稍后重试。'],
  },

  'session.required': {
    status: 401,
    en: ['Log in first', 'Send a session token as Authorization: Bearer.'],
    zh: ['请先登录', '请在 Authorization: Bearer 中携带登录凭证。'],
  },
  'session.invalid': {
    status: 401,
    en: ['Session not valid', 'Refresh the session or log in again.'],
    zh: ['登录凭证无效', '请刷新登录态或重新登录。'],
  },
  'session.expired': {
    status: 401,
    en: ['Session expired', 'Refresh the session or log in again.'],
    zh: ['登录态已过期', '请刷新登录态或重新登录。'],
  },
  'session.reused': {
    status: 401,
    en: ['Session ended', 'A spent refresh token was used again, so the session was ended. Log in again.'],
    zh: ['登录态已结束', '刷新令牌被重复使用，登录态已结束，请重新登录。'],
  },
  'session.foreign-page': {
    status: 403,
    en: [
      'Not from this page',
      "Only the hub's own pages may keep a session in a cookie. Leave out the header Hark-Session.",
    ],
    zh: ['此页面不可用', '仅本站页面可将登录态保存在 Cookie 中，请去掉请求头 Hark-Session。'],
  },
  'session.ended': {
    status: 401,
    en: ['Session ended', 'You ended this session from another device. Log in again.'],
    zh: ['登录态已结束', '你已在其他设备上结束了此登录态，请重新登录。'],
  },
  'session.unknown': {
    status: 404,
    en: ['No such session', 'It has ended, or is not yours. See GET /v1/sessions.'],
    zh: ['登录态不存在', '该登录态已结束或不属于你，请查看 GET /v1/sessions。'],
  },
  'session.code-invalid': {
    status: 401,
    en: ['Login code not valid', 'Call wx.login again and send the new code.'],
    zh: ['登录 code 无效', '请重新调用 wx.login 获取新的 code。'],
  },
  'session.code-wrong': {
    status: 422,
    en: ['Wrong code', 'Enter the six digits of the latest mail. {left} tries left.'],
    zh: ['验证码错误', '请输入最近一封邮件中的六位数字，还可尝试 {left} 次。'],
  },
  'session.challenge-over': {
    status: 422,
    en: ['Code no longer valid', 'It was used, tried too often or has expired. Ask for a new code.'],
    zh: ['验证码已失效', '验证码已使用、错误次数过多或已过期，请重新获取。'],
  },
  'session.authorization-pending': {
    status: 400,
    en: ['Not decided yet', 'Nobody has decided this log-in yet. Ask again after Retry-After seconds.'],
    zh: ['等待确认', '尚未有人确认这次登录，请在 Retry-After 秒后再查询。'],
  },
  'session.slow-down': {
    status: 429,
    en: ['Asked too often', 'Ask again after Retry-After seconds, and no more often than every `interval` seconds.'],
    zh: ['查询过于频繁', '请在 Retry-After 秒后再查询，间隔不少于 interval 秒。'],
  },
  'session.declined': {
    status: 403,
    en: ['Log-in declined', 'The person said no. Begin again if it was by mistake.'],
    zh: ['登录被拒绝', '用户拒绝了这次登录；如属误操作，请重新开始。'],
  },
  'device-log-in.unknown': {
    status: 404,
    en: ['No browser waits under this code', 'Check the code. After ten minutes the browser shows a new one.'],
    zh: ['没有等待登录的浏览器', '请核对代码；超过十分钟后浏览器会显示新的代码。'],
  },
  'device-log-in.settled': {
    status: 409,
    en: ['Decided already', 'Somebody has decided this log-in. Begin again in the browser.'],
    zh: ['已有人确认', '这次登录已被处理，请在浏览器中重新开始。'],
  },
  'session.too-many-codes': {
    status: 429,
    en: ['Too many codes', 'As many were asked for as a day allows. Try again after Retry-After seconds.'],
    zh: ['验证码获取过多', '已达到一天的上限，请在 Retry-After 秒后重试。'],
  },
  'session.address-unsupported': {
    status: 422,
    en: [
      'Address not supported here',
      'The mail server of this hub takes no address with letters beyond A to Z before the @. Log in by another address or through WeChat.',
    ],
    zh: ['暂不支持该邮箱地址', '本站的邮件服务器不支持 @ 之前含有英文以外字符的地址。请改用其他邮箱，或通过微信登录。'],
  },
  'session.refused': {
    status: 403,
    en: ['Login refused', 'WeChat refuses this account for now.'],
    zh: ['登录被拒绝', '微信暂时拒绝该账号登录。'],
  },
  'session.provider-unavailable': {
    status: 503,
    en: [
      'WeChat gives no answer now',
      'It is busy, or refuses this hub for now. Try again after Retry-After seconds; to log in, with a new code of wx.login.',
    ],
    zh: [
      '微信暂不可用',
      '微信繁忙，或暂时拒绝本站。请在 Retry-After 秒后重试；登录时请重新调用 wx.login 获取新的 code。',
    ],
  },
  'wechat.signature': {
    status: 422,
    en: ['Signature not right', 'Send rawData exactly as WeChat gave it, with its signature.'],
    zh: ['签名不正确', '请原样发送微信返回的 rawData 及其 signature。'],
  },
  'wechat.decrypt': {
    status: 422,
    en: ['Cannot be decrypted', 'Call wx.login and log in again, then ask WeChat for the data anew.'],
    zh: ['无法解密', '请调用 wx.login 重新登录，然后重新向微信获取数据。'],
  },
  'wechat.watermark': {
    status: 422,
    en: ['Not for this mini program, or too old', 'Ask WeChat for the data anew and send it within ten minutes.'],
    zh: ['数据不属于本小程序或已过期', '请重新向微信获取数据，并在十分钟内发送。'],
  },
  'wechat.session-expired': {
    status: 409,
    en: ['session_key is gone', 'Call wx.login and log in again, then ask WeChat for the data anew.'],
    zh: ['session_key 已失效', '请调用 wx.login 重新登录，然后重新向微信获取数据。'],
  },
  'wechat.event-unsigned': {
    status: 403,
    en: [
      'Not from WeChat',
      'The signature or its time is not right, or the push is not encrypted as it should be. Check Token, EncodingAESKey and the clock.',
    ],
    zh: ['并非来自微信', '签名或时间不正确，或推送未按要求加密。请检查 Token、EncodingAESKey 与服务器时钟。'],
  },
  'role.required': {
    status: 403,
    en: ['Not allowed', 'This needs the role {role}. An admin of this hub can give it.'],
    zh: ['没有权限', '需要角色 {role}，请联系本站管理员授予。'],
  },
  'role.second-factor': {
    status: 403,
    en: [
      'Second factor needed',
      'Send a code of your authenticator to POST /v1/sessions/current/totp, then try again. Without one, set it up: POST /v1/me/totp.',
    ],
    zh: [
      '需要两步验证',
      '请先将验证器的动态码发送到 POST /v1/sessions/current/totp，然后重试。尚未设置？请先调用 POST /v1/me/totp。',
    ],
  },
  'totp.enrolled': {
    status: 409,
    en: ['Set up already', 'Remove the second factor with one of its codes before you set up another.'],
    zh: ['已设置两步验证', '如需更换，请先用一个动态码移除现有的两步验证。'],
  },
  'totp.not-enrolled': {
    status: 409,
    en: ['Not set up', 'Set up a second factor with POST /v1/me/totp, then confirm it with a code.'],
    zh: ['尚未设置两步验证', '请先调用 POST /v1/me/totp 设置，并用动态码确认。'],
  },
  'totp.code-wrong': {
    status: 403,
    en: ['Wrong code', "Enter the code that your authenticator shows now, and check your device's clock."],
    zh: ['动态码错误', '请输入验证器当前显示的动态码，并检查设备时间是否准确。'],
  },
  'totp.code-used': {
    status: 403,
    en: ['Code used already', 'A code works once. Wait for the next one, at most half a minute.'],
    zh: ['动态码已使用', '每个动态码只能使用一次，请等待下一个（最多半分钟）。'],
  },
  'role.own': {
    status: 403,
    en: ['Your own roles', 'Ask another admin: nobody changes their own roles.'],
    zh: ['你自己的角色', '不能修改自己的角色，请由其他管理员操作。'],
  },
  'role.set-by-configuration': {
    status: 409,
    en: ['Set by configuration', 'HARK_ADMINS grants this role. Take the person out of that setting and restart.'],
    zh: ['由配置授予', '该角色由配置项 HARK_ADMINS 授予，请修改该配置并重启。'],
  },
  'user.unknown': {
    status: 404,
    en: ['No such user', 'Check the id: it is the one that GET /v1/me shows them.'],
    zh: ['用户不存在', '请检查 id：即该用户在 GET /v1/me 中看到的 id。'],
  },
  'credential.required': {
    status: 401,
    en: ['Key missing', 'Send the binding key or the app secret as Authorization: Bearer.'],
    zh: ['缺少密钥', '请在 Authorization: Bearer 中携带授权密钥或应用密钥。'],
  },
  'credential.misplaced': {
    status: 401,
    en: [
      'Key not where it belongs',
      'It came as {form}. Send it as Authorization: Bearer <key>, with the word Bearer.',
    ],
    zh: ['密钥位置不对', '收到的形式是 {form}，请改为 Authorization: Bearer <密钥>（包括 Bearer 一词）。'],
  },
  'credential.in-url': {
    status: 400,
    en: [
      'Key in the address',
      'It came as {form}. Addresses end up in logs and histories: send it as Authorization: Bearer <key>, and replace this one.',
    ],
    zh: [
      '密钥出现在网址中',
      '收到的形式是 {form}。网址会留在日志和历史记录中：请改用 Authorization: Bearer <密钥>，并更换此密钥。',
    ],
  },
  'credential.not-enough': {
    status: 403,
    en: ['A session is needed', 'This call is for people: send a session token instead of a key or secret.'],
    zh: ['需要登录态', '该接口仅供用户调用，请使用登录凭证，而非授权密钥或应用密钥。'],
  },
  'credential.app-needed': {
    status: 403,
    en: ['App secret needed', "This call is the app's own: send its secret (has_…) as Authorization: Bearer."],
    zh: ['需要应用密钥', '此接口仅供应用自身调用：请以 Authorization: Bearer 发送应用密钥（has_…）。'],
  },
  'key.invalid': {
    status: 401,
    en: [
      'Key not valid',
      'Use the key that the last binding returned (hk_…), or the current app secret (has_…). A session token is neither.',
    ],
    zh: ['密钥无效', '请使用最近一次授权返回的 key（hk_…）或当前的应用密钥（has_…），登录凭证在此无效。'],
  },

  'idempotency.key-invalid': {
    status: 400,
    en: ['Idempotency-Key not valid', 'Send 1 to 255 printable ASCII characters.'],
    zh: ['Idempotency-Key 无效', '请使用 1 到 255 个可打印 ASCII 字符。'],
  },
  'idempotency.mismatch': {
    status: 422,
    en: ['Key used for another request', 'Use a new Idempotency-Key for a new body.'],
    zh: ['Idempotency-Key 已用于其他请求', '新的请求内容请使用新的 Idempotency-Key。'],
  },
  'position.invalid': {
    status: 400,
    en: [
      'Position not valid',
      'Send Hark-Position back exactly as a write returned it, and Last-Event-ID exactly as the stream sent it.',
    ],
    zh: ['位置无效', '请原样带回：Hark-Position 为写入时返回的值，Last-Event-ID 为事件流发出的 id。'],
  },

  'person.erased': {
    status: 410,
    en: ['Person erased', 'The person had everything about them erased.'],
    zh: ['用户已注销', '该用户的数据已被清除。'],
  },

  'app.unknown': { status: 404, en: ['No such app', 'Check the id.'], zh: ['应用不存在', '请检查 id。'] },
  'app.name-confusable': {
    status: 422,
    en: [
      'Name too much like another',
      'Choose a name that cannot be taken for a verified app, a known brand or the hub itself, and that claims no verification.',
    ],
    zh: ['名称易混淆', '请更换名称，避免与已认证应用、知名品牌或本系统混淆，也不要自称官方或已认证。'],
  },
  'app.name-refused': {
    status: 422,
    en: ['Name not accepted', 'The name did not pass content moderation. Choose another name.'],
    zh: ['名称未通过审核', '该名称未通过内容审核，请更换名称。'],
  },
  'app.text-refused': {
    status: 422,
    en: ['Text not accepted', 'The fields named in errors did not pass content moderation. Change them.'],
    zh: ['内容未通过审核', 'errors 中所列字段未通过内容审核，请修改后重试。'],
  },
  'app.wechat-app-id-taken': {
    status: 409,
    en: ['Mini program already registered', 'This wechatAppId belongs to an app already.'],
    zh: ['小程序已登记', '该 wechatAppId 已属于其他应用。'],
  },
  'app.wechat-app-id-unproven': {
    status: 403,
    en: [
      'Mini program not proven',
      'Nobody has proven that this app is the mini program it names, so its bindings are not listed. Register an app without wechatAppId, or confirm a binding with its key.',
    ],
    zh: [
      '小程序归属未经证明',
      '尚未证明该应用就是所填的小程序，因此不列出其授权。请登记一个不带 wechatAppId 的应用，或凭授权密钥 确认单个授权。',
    ],
  },
  'app.standing-burdened': {
    status: 403,
    en: [
      'Penalties stand in the way',
      'An app does not change hands while its owner is restricted, or within 90 days of a penalty. Wait, or appeal.',
    ],
    zh: [
      '存在未了结的处罚',
      '应用所有者受限期间，或最近一次处罚未满 90 天时，应用不能转移或认领。请到期后再试，或提出申诉。',
    ],
  },
  'app.proof-missing': {
    status: 422,
    en: [
      'Proof not found',
      'Neither the DNS record nor the file on the homepage’s domain says what it should. GET /v1/apps/:id/proof tells what to put where; a new DNS record can take some minutes.',
    ],
    zh: [
      '未找到证明',
      '主页域名的 DNS 记录和证明文件均与要求不符。请按 GET /v1/apps/:id/proof 的说明放置后重试；新的 DNS 记录可能要几分钟才生效。',
    ],
  },
  'app.no-homepage': {
    status: 422,
    en: ['No homepage', 'The domain of the homepage is what is proven: give the app a homepage first.'],
    zh: ['未设置主页', '证明针对主页的域名，请先为应用设置 homepage。'],
  },
  'app.mini-program-secret-wrong': {
    status: 422,
    en: [
      'WeChat does not take this secret',
      'Check wechatAppId and appSecret: WeChat says that they do not belong together.',
    ],
    zh: ['微信不认可该密钥', '请检查 wechatAppId 与 appSecret：微信表示两者不匹配。'],
  },
  'app.mini-program-unreachable': {
    status: 503,
    en: [
      'WeChat did not say',
      'WeChat gave no answer that proves anything. Try again later; if your mini program has a list of allowed addresses, add this hub’s.',
    ],
    zh: ['微信未予答复', '未能从微信得到可作证明的答复，请稍后再试；如小程序设置了 IP 白名单，请先加入本系统的 IP。'],
  },
  'app.no-callback-url': {
    status: 422,
    en: ['No callback address', 'Give the app a callbackUrl first: PATCH /v1/apps/:id {callbackUrl}.'],
    zh: ['未设置回调地址', '请先用 PATCH /v1/apps/:id {callbackUrl} 为应用设置回调地址。'],
  },
  'app.suspended': {
    status: 403,
    en: ['App suspended', 'Upheld complaints suspended the app until {until}. Its owner can appeal.'],
    zh: ['应用已被临时封禁', '因投诉成立，应用被封禁至 {until}，应用所有者可以申诉。'],
  },
  'app.banned': {
    status: 403,
    en: ['App banned', 'Upheld complaints banned the app. Its owner can appeal.'],
    zh: ['应用已被永久封禁', '因投诉成立，应用已被封禁，应用所有者可以申诉。'],
  },

  'binding.unknown': {
    status: 404,
    en: ['No such binding', 'The person has not granted this, or the id is wrong.'],
    zh: ['授权不存在', '用户未授权，或 id 有误。'],
  },
  'binding.ended': {
    status: 410,
    en: ['Binding ended', 'The person withdrew consent. Ask for a new binding.'],
    zh: ['授权已结束', '用户已解除授权，请重新申请授权。'],
  },
  'binding.refused': {
    status: 403,
    en: ['Refused by the person', 'The person wants no messages from this app.'],
    zh: ['用户拒收', '用户已设置不接收该应用的消息。'],
  },
  'binding.openid-taken': {
    status: 409,
    en: [
      'openid confirmed for another binding',
      'The app has confirmed this openid for another binding. End that one where it was granted, or have the app refuse it; then try again.',
    ],
    zh: [
      '该 openid 已确认给另一个授权',
      '应用已将该 openid 确认给另一个授权。请先在当时授权的账号中解绑，或请应用拒绝那个授权，然后重试。',
    ],
  },
  'binding.unconfirmed': {
    status: 403,
    en: [
      'Binding not confirmed by the app',
      'Somebody says that they are this openid, and you have not confirmed it. Push once with the app secret and, in the body, their key and openid; or look at GET /v1/apps/{appId}/bindings and POST their openid to /v1/apps/{appId}/bindings/:id/confirm (or /refuse). A push with the binding key alone always reaches whoever was given that key.',
    ],
    zh: [
      '授权未经应用确认',
      '有用户声称自己是该 openid，但应用尚未确认。请用应用密钥推送一次，并在请求体中带上该用户的 key 和 openid；或查看 GET /v1/apps/{appId}/bindings 后将其 openid 以 POST 发送至 /v1/apps/{appId}/bindings/:id/confirm（或 /refuse）。只用授权密钥 推送时，消息总是发给拿到该 key 的用户。',
    ],
  },
  'binding.app-blocked': {
    status: 403,
    en: ['App blocked', 'You blocked this app. Lift the block first.'],
    zh: ['应用已被拉黑', '你已拉黑该应用，请先解除拉黑。'],
  },
  'binding.cooling-down': {
    status: 429,
    en: [
      'Too soon',
      'The person said no lately. Ask again after Retry-After seconds; each further no doubles the wait.',
    ],
    zh: ['请求过早', '用户不久前拒绝过。请在 Retry-After 秒后再申请；每再拒绝一次，等待时间加倍。'],
  },
  'binding.terms-changed': {
    status: 409,
    en: [
      'Terms changed',
      'They read differently by now. Show them again, or have the app ask anew, and let the person decide.',
    ],
    zh: ['授权条款已变更', '条款内容已与展示时不同，请重新展示（或由应用重新发起授权）后再由用户决定。'],
  },

  'binding-request.unknown': {
    status: 404,
    en: ['No such binding request', 'Check the link, or have the app ask anew.'],
    zh: ['授权请求不存在', '请检查链接，或由应用重新发起授权。'],
  },
  'binding-request.settled': {
    status: 409,
    en: ['Decided already', 'A request can be decided once. Have the app ask anew.'],
    zh: ['授权请求已处理', '每个请求只能处理一次，请由应用重新发起授权。'],
  },
  'binding-request.expired': {
    status: 410,
    en: ['Request expired', 'A request lasts ten minutes. Have the app ask anew.'],
    zh: ['授权请求已过期', '请求的有效期为十分钟，请由应用重新发起授权。'],
  },
  'binding-request.redirect-unregistered': {
    status: 422,
    en: ['Address not registered', 'redirectUri must be one of the redirectUris of the app, letter by letter.'],
    zh: ['回跳地址未登记', 'redirectUri 必须与应用登记的 redirectUris 之一逐字相同。'],
  },
  'binding-request.code-invalid': {
    status: 422,
    en: [
      'Code not valid',
      'A code works once, for 60 seconds, for the app that asked and with the verifier of its challenge. Ask for consent anew.',
    ],
    zh: [
      '授权码无效',
      '授权码仅能由发起应用在 60 秒内使用一次，且 codeVerifier 须与 codeChallenge 对应。请重新发起授权。',
    ],
  },

  'endpoint.unknown': { status: 404, en: ['No such endpoint', 'Check the id.'], zh: ['通道不存在', '请检查 id。'] },
  'endpoint.kind-unknown': {
    status: 422,
    en: [
      'No such kind of endpoint',
      'GET /v1/endpoint-kinds lists what this hub offers. Webhooks are offered where its operator has set HARK_PUBLIC_URL.',
    ],
    zh: [
      '不支持的通道类型',
      '本站支持的类型见 GET /v1/endpoint-kinds；Webhook 须由运营方设置 HARK_PUBLIC_URL 后才可用。',
    ],
  },
  'endpoint.too-many-challenges': {
    status: 429,
    en: ['Too many codes', 'An address gets at most {max} codes a day. Try again after Retry-After seconds.'],
    zh: ['验证码发送过多', '每个地址每天最多 {max} 次验证码，请在 Retry-After 秒后重试。'],
  },
  'endpoint.codes-spent': {
    status: 429,
    en: [
      'Your codes for this address are used up',
      'You get {max} codes a day for one address. Enter the latest one, or ask again after Retry-After seconds.',
    ],
    zh: [
      '该地址的验证码已用完',
      '每个地址你每天可获取 {max} 次验证码，请输入最近收到的一个，或在 Retry-After 秒后重试。',
    ],
  },
  'endpoint.account-too-many-challenges': {
    status: 429,
    en: [
      'You asked for too many codes',
      'Yours were {max} in a day, as many as there may be. Try again after Retry-After seconds.',
    ],
    zh: ['你请求的验证码过多', '你一天内已请求 {max} 次验证码，达到上限，请在 Retry-After 秒后重试。'],
  },
  'endpoint.domain-too-many-challenges': {
    status: 429,
    en: [
      'Too many codes for this domain',
      'Addresses of one domain get at most {max} codes a day. Try again after Retry-After seconds.',
    ],
    zh: ['该域名的验证码过多', '同一域名的地址每天最多 {max} 次验证码，请在 Retry-After 秒后重试。'],
  },
  'endpoint.code-wrong': {
    status: 422,
    en: ['Wrong code', 'Enter the code that came through this endpoint. {left} tries left.'],
    zh: ['验证码错误', '请输入该通道收到的验证码，还可尝试 {left} 次。'],
  },
  'endpoint.code-expired': {
    status: 422,
    en: ['Code expired', 'Add the endpoint again to get a new code.'],
    zh: ['验证码已失效', '请重新添加该通道以获取新的验证码。'],
  },
  'endpoint.no-credits': {
    status: 409,
    en: ['Not counted here', 'Only WeChat reminders are counted; this endpoint takes as many messages as come.'],
    zh: ['该通道不计次数', '只有微信提醒需要计次，该通道不限条数。'],
  },
  'endpoint.no-wechat': {
    status: 409,
    en: ['No WeChat account', 'Log in through WeChat: reminders go to the WeChat account you log in with.'],
    zh: ['没有关联微信', '请用微信登录：提醒会发往登录所用的微信账号。'],
  },
  'endpoint.unverified': {
    status: 409,
    en: ['Not verified yet', 'Enter the code that came through this endpoint first.'],
    zh: ['通道尚未验证', '请先输入该通道收到的验证码。'],
  },
  'endpoint.too-many-tests': {
    status: 429,
    en: ['Too many test messages', 'At most {max} a day. Try again after Retry-After seconds.'],
    zh: ['测试消息过多', '每天最多 {max} 次，请在 Retry-After 秒后重试。'],
  },
  'endpoint.too-many': {
    status: 422,
    en: ['Too many endpoints', 'Remove one first; at most {max}.'],
    zh: ['通道过多', '请先移除一个，最多 {max} 个。'],
  },

  'push.unknown': { status: 404, en: ['No such push', 'Check the id.'], zh: ['推送不存在', '请检查 id。'] },
  'push.rate-limited': {
    status: 429,
    en: ['Too many pushes', 'Try again after Retry-After seconds.'],
    zh: ['推送过于频繁', '请在 Retry-After 秒后重试。'],
  },
  'push.looked-ahead': {
    status: 403,
    en: ['Not pushed', 'A browser or a chat looked ahead at this address. Open it yourself, or send it by POST.'],
    zh: ['未推送', '这是浏览器或聊天软件对该地址的预读。请自行打开，或改用 POST 发送。'],
  },
  'push.escalate-needs-secret': {
    status: 403,
    en: [
      'Escalation needs the app secret',
      "A binding's key reaches its own person only. Send the app secret with openid.",
    ],
    zh: ['升级通知需要应用密钥', '授权密钥只能推送给该用户本人。请改用应用密钥并填写 openid。'],
  },
  'push.blocked': {
    status: 422,
    en: ['Text blocked', 'Moderation blocked the text. Change it and push again.'],
    zh: ['内容未通过审核', '请修改内容后重新推送。'],
  },
  'push.sent': {
    status: 409,
    en: ['Already sent', 'Its times can no longer change. Its text can, while it is in the inbox.'],
    zh: ['已发送', '时间不能再修改；内容在收件箱中时仍可替换。'],
  },
  'push.recalled': {
    status: 409,
    en: ['Taken back', 'The push was recalled. Send a new one.'],
    zh: ['推送已撤回', '请重新发送一条推送。'],
  },
  'push.expired': {
    status: 409,
    en: ['Expired', 'The time of the push is over. Send a new one.'],
    zh: ['推送已过期', '请重新发送一条推送。'],
  },
  'push.acknowledged': {
    status: 409,
    en: ['Already acknowledged', 'Its reader has acknowledged this text. Send a new push.'],
    zh: ['对方已确认', '对方已确认此内容，请重新发送一条推送。'],
  },
  'push.not-filed': {
    status: 409,
    en: ['Not delivered', 'The push was refused, so there is no text to replace. Read its status for the reason.'],
    zh: ['推送未送达', '推送已被拒绝，没有可替换的内容；原因见推送状态。'],
  },
  'push.edited-meanwhile': {
    status: 409,
    en: ['Edited at the same time', 'Other edits of this push came in between. Try again.'],
    zh: ['推送正被同时修改', '期间有其他修改，请重试。'],
  },
  'push.too-many-edits': {
    status: 409,
    en: ['Too many edits', 'The text of a push can change {max} times. Send a new one.'],
    zh: ['修改次数过多', '一条推送的内容最多修改 {max} 次，请重新发送。'],
  },
  'review.edited': {
    status: 409,
    en: ['Edited meanwhile', 'The sender changed the text. Look at it again and name its edition.'],
    zh: ['内容已被修改', '发送方修改了内容，请重新查看并注明版次（edition）。'],
  },
  'review.unknown': {
    status: 404,
    en: ['Nothing held', 'No held text has this id.'],
    zh: ['没有待审内容', '该 id 没有待审核的文本。'],
  },
  'review.already-decided': {
    status: 409,
    en: ['Already decided', 'Somebody decided this text before.'],
    zh: ['已处理', '该文本已被处理。'],
  },

  'inbox.action-unknown': {
    status: 404,
    en: ['No such action', 'Check the id: the message lists its actions.'],
    zh: ['没有这个操作', '请检查 id；消息的 actions 列出了可用的操作。'],
  },
  'inbox.unknown': { status: 404, en: ['No such message', 'Check the id.'], zh: ['消息不存在', '请检查 id。'] },
  'rules.changed-meanwhile': {
    status: 409,
    en: ['The rules were changed meanwhile', 'Read them again, then make your change to them as they are now.'],
    zh: ['规则已被他人修改', '请重新读取规则，再在最新的规则上修改。'],
  },
  'stream.unknown': {
    status: 404,
    en: ['No such stream', 'Nothing has happened in it. GET /v1/ops/audit finds streams by type and actor.'],
    zh: ['事件流不存在', '该事件流中没有任何事件。可用 GET /v1/ops/audit 按类型或操作者查找。'],
  },
  'park.unknown-group': {
    status: 404,
    en: ['No such group', 'GET /v1/ops/health lists the groups.'],
    zh: ['处理组不存在', '处理组的名称见 GET /v1/ops/health。'],
  },
  'complaint.unknown': { status: 404, en: ['No such complaint', 'Check the id.'], zh: ['投诉不存在', '请检查 id。'] },
  'complaint.too-late': {
    status: 422,
    en: ['Too late', 'A message can be complained about for 30 days.'],
    zh: ['已过投诉期', '收到消息后 30 天内可以投诉。'],
  },
  'complaint.already-made': {
    status: 409,
    en: ['Already complained', 'You complained about this message before.'],
    zh: ['已投诉', '你已投诉过这条消息。'],
  },
  'complaint.already-decided': {
    status: 409,
    en: ['Already decided', 'The first decision stands.'],
    zh: ['已处理', '以首次处理结果为准。'],
  },
  'complaint.own-app': {
    status: 403,
    en: ['Your own app', 'Another operator must decide complaints about your app.'],
    zh: ['你自己的应用', '请由其他运营人员处理。'],
  },
  'penalty.unknown': {
    status: 404,
    en: ['No such penalty', 'Take `penaltyId` from the history of the standing: it must be a penalty of your own.'],
    zh: ['没有这项处罚', '请从信用记录中取 penaltyId；只能申诉自己受到的处罚。'],
  },
  'appeal.unknown': {
    status: 404,
    en: ['No such appeal', 'Nobody has appealed against the penalty for this complaint. Check the id.'],
    zh: ['申诉不存在', '这项投诉的处罚没有被申诉过，请检查 id。'],
  },
  'appeal.too-late': {
    status: 422,
    en: ['Too late', 'A penalty can be appealed for 180 days.'],
    zh: ['已过申诉期', '处罚作出后 180 天内可以申诉。'],
  },
  'appeal.already-made': {
    status: 409,
    en: ['Already appealed', 'Each penalty can be appealed once. The standing shows what came of it.'],
    zh: ['已申诉过', '每项处罚只能申诉一次，处理结果见信用记录。'],
  },
  'appeal.already-decided': {
    status: 409,
    en: ['Already decided', 'The first decision on the appeal stands.'],
    zh: ['申诉已处理', '以首次处理结果为准。'],
  },
  'appeal.second-operator': {
    status: 403,
    en: ['Another operator is needed', 'You upheld the complaint, so another operator must decide on the appeal.'],
    zh: ['需要另一位运营人员', '该投诉由你判定成立，申诉须由其他运营人员处理。'],
  },
  'standing.unknown': { status: 404, en: ['No such standing', 'Check the id.'], zh: ['信用记录不存在', '请检查 id。'] },
  'standing.second-operator': {
    status: 403,
    en: ['A second operator is needed', 'Who proposed the ban cannot confirm it.'],
    zh: ['需要第二位运营人员', '提出封禁者不能自行确认。'],
  },
  'standing.proposal-lapsed': {
    status: 409,
    en: [
      'The proposal lapsed',
      'Nobody confirmed the ban within seven days. The next upheld complaint proposes it again.',
    ],
    zh: ['封禁提议已失效', '七天内无人确认。下一次投诉成立时会再次提出。'],
  },
  'ops.own-matter': {
    status: 403,
    en: ['Your own matter', 'You are part of this case: another operator must decide it.'],
    zh: ['与你本人有关', '你是当事人，请由其他运营人员处理。'],
  },
  'standing.nothing-proposed': {
    status: 409,
    en: ['No ban proposed', 'Only a proposed ban can be confirmed.'],
    zh: ['没有待确认的封禁', '只有已提出的封禁可以确认。'],
  },
};

/** Whether this code is for clients. */
export const isClientErrorCode = (code: string): code is ClientErrorCode => Object.hasOwn(errorTexts, code);
