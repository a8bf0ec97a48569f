/** What the document says of the fields of answers and bodies, in Chinese: descriptions by their English text. */
export const chineseFields: Readonly<Record<string, string>> = {
  'Messages ring together, at the end of each full `hour` or once a `day` at `at` (absent: 09:00), in your time zone. `null`: each by itself.':
    '各条消息合并到每个整点（`hour`）或每天 `at`（不填：09:00）一起提醒，以你的时区为准。`null`：逐条提醒。',
  'As `digest` of yourself, for this app; `never`: each by itself. `null`: as you want it of all apps.':
    '与你自己的 `digest` 相同，但只针对此应用；`never`：逐条提醒。`null`：与你对所有应用的设置一致。',
  'Your answer. The owner reads it.': '你的答复，应用所有者会看到。',
  'Only the events with a smaller number.': '仅处理编号更小的事件。',
  '`block`: never delivered, where the word is telling enough · `hold`: an operator looks first':
    '`block`：一律拦截，用于足以判定的词 · `hold`：先由运营人员查看',
  'Words and domains that are built in and no longer count.': '不再生效的内置词语和域名。',
  'The `changes` that were seen; another operator may have made more.':
    '所看到的 `changes`；其间其他运营人员可能又改过。',
  'Sent as `Authorization: Bearer`.': '以 `Authorization: Bearer` 发送。',
  'Seconds.': '秒数。',
  'Spent by `POST /v1/sessions/refresh`, which answers with a new one. Empty where a page of the hub itself asked for it in a cookie.':
    '供 `POST /v1/sessions/refresh` 使用，用一次即作废并换得新的。由本站页面以 Cookie 方式请求时为空。',
  'Everybody has `user`; operators work the queues, admins grant roles.':
    '每个人都有 `user`；operator 处理队列，admin 授予角色。',
  'Sent back with the code that was mailed.': '与邮件中的验证码一起提交。',
  '`HARK_ADMINS`, the setting, or `user:<id>`.': '`HARK_ADMINS`（由配置授予）或 `user:<id>`。',
  'Whether they have set one up.': '是否已设置第二验证因素。',
  'For `?cursor=`; null on the last page.': '用于 `?cursor=`；最后一页为 null。',
  'The language they are written to in; absent: not known, so Chinese.':
    '给此人写信所用的语言；未返回：未知，使用中文。',
  "By IANA's name. Absent: quiet hours and days are those of Asia/Shanghai.":
    'IANA 时区名。未返回：安静时段和日期按 Asia/Shanghai 计算。',
  'Days from 1, Monday, to 7. Absent: none.': '星期：1 为星期一，至 7。未返回：没有安静时段。',
  'When messages ring together, in your time zone; `at` absent: 09:00. Absent: each by itself.':
    '消息合并提醒的时间，以你的时区为准；`at` 未返回：09:00。未返回：逐条提醒。',
  'After so many days messages leave the inbox, unless they are kept. Absent: never.':
    '消息在收件箱中保存的天数，收藏的除外。未返回：永久保存。',
  "WeChat's: 0 not known, 1 male, 2 female.": '微信的取值：0 未知，1 男，2 女。',
  'For the browser alone: it is traded for the session.': '仅供浏览器使用，凭它换取登录态。',
  'What the person types or compares, such as `WDJB-MJHT`.': '用户输入或核对的代码，如 `WDJB-MJHT`。',
  'The same with the user code in it.': '同上，并已带上用户代码。',
  '`verificationUriComplete` as an SVG image of a QR code.': '`verificationUriComplete` 的二维码，SVG 图片。',
  'Ask no more often than every so many seconds.': '两次查询至少间隔的秒数。',
  'As the browser calls itself, such as `Chrome 131, Windows`.': '浏览器自报的名称，如 `Chrome 131, Windows`。',
  'The network it asks from, such as `203.0.113.0/24`.': '发起请求的网段，如 `203.0.113.0/24`。',
  'Whether it is the session of this call.': '是否为本次调用所用的登录态。',
  'How it was begun; `device`: by scanning.': '登录方式；`device`：扫码登录。',
  'As its browser or program calls itself, such as `Chrome 131, Windows`.':
    '浏览器或程序自报的名称，如 `Chrome 131, Windows`。',
  'The network it was begun from, such as `203.0.113.0/24`; never the whole address.':
    '登录时所在的网段，如 `203.0.113.0/24`；从不记录完整地址。',
  'To the quarter of an hour: when its tokens were made.': '上次签发令牌的时间，精确到一刻钟。',
  'When it ends at the latest; after two days without use it ends before.': '最迟的结束时间；两天不使用会提前结束。',
  '`pending`: until the first code of the authenticator was sent to `/v1/me/totp/confirm`.':
    '`pending`：尚未把验证器的第一个验证码提交到 `/v1/me/totp/confirm`。',
  'Whether operators and admins need it at this hub.': '本站是否要求运营人员和管理员使用。',
  'Until when this session may act as operator or admin.': '在此之前，本登录态可行使运营人员或管理员的权限。',
  'Base32, shown once; only sealed it is kept.': 'Base32 编码，仅显示一次；保存时已加密。',
  '`otpauth://totp/…`, for an authenticator app.': '`otpauth://totp/…`，供验证器应用使用。',
  'The same as a QR code: an SVG image.': '同上的二维码，SVG 图片。',
  'Each works once in the place of a code; shown once, only their hashes are kept.':
    '每个可代替验证码使用一次；仅显示一次，只保存其哈希值。',
  'Everything about the person is gone by then. Logging in afterwards makes a new user.':
    '届时此人的一切均已删除；之后再登录即为新用户。',
  'Whether the app has been proven to be who its name says.': '是否已证明此应用确如其名。',
  'What its owner has proven to control. Absent: nothing.': '所有者已证明控制的对象。未返回：没有。',
  "What upheld complaints came to for the app's owner.": '已成立的投诉对应用所有者造成的结果。',
  "Nobody has claimed this app: `name` is only what the person's own client called it.":
    '尚无人认领此应用：`name` 只是用户自己的客户端对它的称呼。',
  'Its owner has deleted it.': '应用已被所有者删除。',
  'Beside `wechatAppId`: whether control of that mini program was proven. Until then it is a wish without effect.':
    '随 `wechatAppId` 返回：是否已证明控制该小程序。证明之前仅为意向，没有效力。',
  'The domain of the homepage that the owner has proven to control.': '所有者已证明控制的主页域名。',
  'The person to whom the app was offered and who has not answered yet.': '应用拟转让给此人，尚未答复。',
  'Of a former one: until when it works.': '旧密钥的失效时间。',
  'The day (UTC). Absent: not within 400 days.': '日期（UTC）。未返回：400 天内未使用。',
  'Of one app alone: the secrets that work, the present one first. Never the secrets themselves.':
    '仅读取单个应用时返回：有效的密钥，当前的在最前。从不返回密钥本身。',
  'Of one binding alone: the day (UTC) on which its key was last used. Absent: not within 400 days.':
    '仅读取单个授权时返回：其 key 最近一次使用的日期（UTC）。未返回：400 天内未使用。',
  '`has_…`, shown once; only its hash is kept.': '`has_…`，仅显示一次；只保存其哈希值。',
  '`whsec_…`: signs the calls to a new `callbackUrl`. Shown once; another address gets another one.':
    '`whsec_…`：为发往新 `callbackUrl` 的调用签名。仅显示一次；更换地址会得到新的密钥。',
  'Until when the secrets before it work. Absent: they work no longer.':
    '此前的密钥在此时间之前仍有效。未返回：已经失效。',
  '`whsec_…`, shown once.': '`whsec_…`，仅显示一次。',
  'Until when calls are signed with the secret before it too. Absent: they are no longer.':
    '在此时间之前，调用同时用旧密钥签名。未返回：不再用旧密钥签名。',
  'Comes as `webhook-id` with every try.': '每次尝试都以 `webhook-id` 发送。',
  'Such as `binding.bound`.': '例如 `binding.bound`。',
  'The HTTP status of the answer, where there was one.': '对方返回的 HTTP 状态码；没有返回则无此字段。',
  'Why it failed: a stable word, such as `not-reached`.': '失败原因：固定的词，如 `not-reached`。',
  'When it is tried again.': '再次尝试的时间。',
  "The app's own name for the person.": '应用自己对该用户的标识。',
  '`strong`: inbox and channels. `weak`: inbox, silent. `none`: refused.':
    '`strong`：进收件箱并经通道提醒。`weak`：只进收件箱，不提醒。`none`：拒收。',
  'As `weak`, whatever the level.': '无论提醒强度如何，均按 `weak` 处理。',
  'Ids of endpoints; null: every verified endpoint.': '通道的 id；null 表示所有已验证的通道。',
  'The most pushes a day that are to ring. Absent: as many as come.': '每天最多提醒的推送数。未返回：不限。',
  'When its messages ring together; `never`: each by itself. Absent: as you want it of all apps.':
    '其消息何时合并提醒；`never`：逐条提醒。未返回：与你对所有应用的设置一致。',
  'Whether its critical pushes are heard as such, in quiet hours too. Otherwise they are as `high`.':
    '其紧急推送是否按紧急提醒，安静时段内也不例外。否则按 `high` 处理。',
  'Whether the app is told when you read what it sent. False unless you say so.':
    '是否告知应用你已读它发来的消息。除非你同意，否则为 false。',
  '`unbound`: consent was withdrawn. `blocked`: and the app is refused until its person lifts that.':
    '`unbound`：已解绑。`blocked`：已解绑，并拒绝该应用，直到用户取消拉黑。',
  'Why it ended, where its person did not end it: `app-deleted`, its app is no more.':
    '并非由用户结束时的原因：`app-deleted`，应用已被删除。',
  '`hk_…`, shown once; only its hash is kept.': '`hk_…`，仅显示一次；只保存其哈希值。',
  'What the person agrees to. Show it as it is.': '用户所同意的内容，请原样展示。',
  'SHA-256 of the text. Send it as `termsHash` with the agreement.': '文字的 SHA-256。同意时以 `termsHash` 提交。',
  'The page where the person decides.': '供用户作出决定的页面。',
  'The same as an SVG image of a QR code.': '同上的二维码，SVG 图片。',
  "The app's own word.": '应用自己的说法。',
  'The ends of the openid, so that a person can recognise their own.': 'openid 的首尾几位，供用户辨认自己的账号。',
  'The host that the person is sent back to.': '用户将跳回的域名。',
  'Where to send the person, with the code or the refusal and `state`.':
    '用户应跳转到的地址，带有授权码或拒绝的结果以及 `state`。',
  'A JWS (RFC 7515, EdDSA). Check it with `/.well-known/jwks.json` or `hark receipt verify FILE`.':
    'JWS（RFC 7515，EdDSA）。可用 `/.well-known/jwks.json` 或 `hark receipt verify FILE` 验证。',
  'Whether the app has said that this person is who it means by the openid: only then its secret reaches them.':
    '应用是否已确认此人就是该 openid 所指：确认之后，应用密钥才能触达此人。',
  '`failed`: the code did not come. `disabled`: nothing is sent through it until it is verified anew. `reason` says why.':
    '`failed`：验证码未送达。`disabled`：重新验证之前不再使用。原因见 `reason`。',
  'A stable word, such as `recipient-gone`.': '固定的词，如 `recipient-gone`。',
  "What the reason says, in the reader's language.": '原因的说明，使用读者的语言。',
  "The kind's own fields, secrets masked.": '该类通道自己的字段，密钥已打码。',
  'What you call it.': '你给它起的名称。',
  'Its place among those that are tried one after the other. Absent: every push goes to it.':
    '在依次尝试的通道中的位置。未返回：每条推送都会发往它。',
  'Why a message did not arrive through it last, at most once a day for each reason.':
    '最近一次消息未能经它送达的原因，每种原因每天最多记录一次。',
  'Until when the code that was sent is taken.': '已发出的验证码在此之前有效。',
  "When the code is sent again that the endpoint's server has not taken yet, at the earliest.":
    '通道的服务器尚未接收验证码，最早在此时重发。',
  '`string`, `boolean` or `object`.': '`string`、`boolean` 或 `object`。',
  'Never shown again in full.': '保存后不再完整显示。',
  'For `webpush`: the key that a browser subscribes with (Push API). The fields come from the subscription.':
    '用于 `webpush`：浏览器订阅时使用的公钥（Push API），其余字段来自订阅结果。',
  'The operator.': '运营人员。',
  'What WeChat answered, with a verdict of the chain: `pass`, `off` …':
    '微信对该文字的答复，随内容安全结论一起返回：`pass`、`off` 等。',
  'The local rules that judged.': '作出判断的本地规则版本。',
  'What the operator who decided wrote.': '作出决定的运营人员所写的答复。',
  'The app whose push was complained about.': '被投诉的推送所属的应用。',
  'Your words.': '你所写的内容。',
  'Your words, in the list of your complaints.': '你所写的内容，见于你的投诉列表。',
  "The owner's appeal against the penalty; granted, the penalty is lifted.":
    '应用所有者对处罚的申诉；申诉成立则处罚撤销。',
  'When the suspension would end.': '临时封禁的结束时间。',
  'A ban then waits for a second operator.': '封禁须等待另一位运营人员确认。',
  'What the owner wrote. Absent once the owner is erased.': '应用所有者所写的内容。所有者注销后不再返回。',
  "While it is open: the owner's standing without the penalty.": '申诉待处理时：撤销该处罚后所有者的信用。',
  'When a suspension ends.': '临时封禁的结束时间。',
  'Oldest first.': '从早到晚排列。',
  'What was written with the complaint.': '随投诉所写的内容。',
  'False where the push was sent by a key that the app itself never used: upholding it then takes no points.':
    '为 false 时，推送由应用自己从未用过的 key 发出：投诉成立也不扣分。',
  'While it is open and would cost points: what each severity would do.': '投诉待处理且会扣分时：各严重程度的后果。',
  'The push. Absent once its person is erased.': '被投诉的推送。收到它的用户注销后不再返回。',
  "`app`: the app's own secret. `key`: a binding's key, which its person was handed first. Absent: not known.":
    '`app`：应用自己的密钥。`key`：授权密钥，最先交到用户手中。未返回：未知。',
  "With `key`: whether the app itself had used that key, so that it is not the person's alone.":
    '为 `key` 时：应用自己是否用过该 key，用过即不只用户一人持有。',
  'Newest first; never says who complained.': '从新到旧排列；从不透露投诉人。',
  'The penalty that was given or lifted: name it in an appeal.': '所作出或撤销的处罚；申诉时请提供。',
  'What was complained of.': '投诉的事由。',
  'Until then the penalty can be appealed; absent, it cannot.': '在此之前可以申诉；未返回：不能申诉。',
  'Until then the owner is suspended; unanswered, the proposal lapses.':
    '在此之前所有者被临时封禁；无人答复则封禁提议失效。',
  'The complaint that was upheld last before it, to be looked at before one confirms.':
    '此前最近一次成立的投诉，确认前请先查看。',
  'How many wait; 1000: so many or more.': '待处理的数量；1000 表示不少于 1000。',
  'For a second operator.': '须由另一位运营人员处理。',
  'Who caused it: `user:<id>`, `app:<id>`, `service:<name>` or `anonymous`.':
    '引起者：`user:<id>`、`app:<id>`、`service:<名称>` 或 `anonymous`。',
  'The same for everything that one request brought about.': '由同一请求引起的事件，此值相同。',
  'Ids, times, numbers and words of ours; all else is masked.': '本站的 id、时间、数字和固定词；其余均已打码。',
  'All of the thread that came, those put away too.': '该工单会话收到的全部消息，包括已归档的。',
  'Without those put away.': '不含已归档的。',
  'The furthest step that has come, whatever came after it.': '已到达的最远一步，与后来的消息无关。',
  'The line of steps: the newest message of each step that has come, the first step first.':
    '进度线：每一步的最新消息，从第一步开始排列。',
  'Its kind, as in `/v1/endpoint-kinds`.': '通道的类型，见 `/v1/endpoint-kinds`。',
  '`sent`: the channel took it. `unknown`: it was sent and no answer came. `suppressed`: the person wanted no more of it by then. `waiting`: another try follows. `standby`: only if those before it in turn do not take it.':
    '`sent`：通道已接收。`unknown`：已发出但没有答复。`suppressed`：届时用户已不愿接收。`waiting`：还会再试。`standby`：仅当排在它前面的通道均未接收时使用。',
  'Absent for a notice of the hub itself, which no app pushed.': '本站自己的通知没有此字段，它不是任何应用推送的。',
  'The hub itself has the nil UUID and the name Hark.': '本站自己的 id 为全零 UUID，名称为 Hark。',
  'Absent for a notice of the hub itself: it needs no consent.': '本站自己的通知没有此字段：它无需授权。',
  'In the words for the reader’s language. Empty once the person is erased.': '使用读者语言的文字。用户注销后为空。',
  'When the app sent it; long before `receivedAt` when a person had to approve it first.':
    '应用发送的时间；若须先经人工审核，可能远早于 `receivedAt`。',
  'When it came into the inbox.': '进入收件箱的时间。',
  'When its sender last changed the text that is shown.': '发送者最近一次修改所示文字的时间。',
  'When its person said that they know.': '用户确认知晓的时间。',
  'When its person put it away.': '用户归档的时间。',
  'When its person said that it is to be kept.': '用户收藏的时间。',
  'The ids of the actions that were pressed, in that order.': '已按下的按钮的 id，按先后排列。',
  'Only with `?folded=true`.': '仅在 `?folded=true` 时返回。',
  'Of one message alone: nothing rings before that time.': '仅读取单条消息时返回：在此之前不提醒。',
  'Of one message alone: where it was sent to.': '仅读取单条消息时返回：发往了哪里。',
  "Why it came the way it came: the level then in force and the gate's reason.":
    '为何以这种方式送达：当时的提醒强度，以及系统决定的原因。',
  'It came.': '新消息已到。',
  'Its text, its marks or its thread changed.': '其文字、标记或所属工单会话有变化。',
  'It was marked as read or as unread.': '已标为已读或未读。',
  'Begin anew, with the list: the position is older than what is known of messages that have gone, which is thirty days at least.':
    '请重新读取列表：该位置早于系统仍保留的消息移除记录（至少三十天）。',
  'It is gone: taken back by its sender, or older than its person keeps messages.':
    '已不存在：发送者已撤回，或已超过用户的保存期限。',
  'What is told on NATS when there is more.': '有新内容时在 NATS 上发出的通知。',
  'Marked by this call.': '本次调用所标记的数量。',
  'Left: more were unread than one call marks. Ask again until there are none.':
    '剩余数量：一次调用标记不完。请重复调用，直到为零。',
  'How many it was done to; to those that were so already, nothing was done.': '所处理的数量；原本已是如此的不计。',
  'With `where`: how many more there are than one call marks, 200. Ask again until there are none.':
    '使用 `where` 时：超出一次调用上限 200 条的剩余数量。请重复调用，直到为零。',
  'Those of `ids` that are no messages of the person.': '`ids` 中不属于此用户消息的部分。',
  'All unread messages, without those put away.': '全部未读消息，不含已归档的。',
  'Of each app with some, the most first, at most 200; the hub itself has the nil UUID.':
    '各应用的未读数，最多的在前，至多 200 个；本站自己为全零 UUID。',
  'How many reminders WeChat still lets the hub send, by its own count.': '按本站的计数，微信还允许本站发送几次提醒。',
  '`ok`: taken. `refused`: not taken, and another try would not help. `unreachable`: no answer in time.':
    '`ok`：已接收。`refused`：未接收，再试也无用。`unreachable`：未及时答复。',
  "What the outcome means, in the reader's language.": '结果的说明，使用读者的语言。',
  'All unread messages of the person.': '此用户的全部未读消息。',
  'The address; of an openid, which never leaves the server, the last four characters.':
    '邮箱地址；若为 openid，因其从不离开服务器，只返回后四位。',
  'Those you made against penalties, as the owner of apps.': '你作为应用所有者对处罚提出的申诉。',
  'For `?cursor=`; null on the last page. A list that is through stays empty.':
    '用于 `?cursor=`；最后一页为 null。已列完的列表此后为空。',
  'Stores that do not answer it.': '没有答复的存储。',
  'Channels whose provider refuses the hub itself.': '服务商拒绝本站的通道。',
  'Its read models. `lagSeconds`: the age of the first event that the table lacks, 0 for none.':
    '它的读模型。`lagSeconds`：表中尚缺的第一个事件的时长，0 表示没有。',
  'Its reactor groups.': '它的处理组。',
  'Events that it gave up.': '已搁置的事件数。',
  'Events at hand that are not done with; the store looks about 1,000 ahead.':
    '已取到但尚未处理完的事件数；存储约预取 1,000 个。',
  'Processes that take its events; with 0 nothing happens.': '正在处理其事件的进程数；为 0 时不会处理。',
  'The age of the latest event at its reaction, 0 while none waits.': '最近处理的事件在处理时的时长；没有等待时为 0。',
  'What waits for a person or for its time.': '等待人工处理或等待时间到来的内容。',
  'Services that do not answer.': '没有答复的服务。',
  'Most frequent first.': '从多到少排列。',
  'The latest events of the log: of an hour, or 5,000 where there were more.':
    '日志中最近的事件：一小时内的，若更多则为 5,000 个。',
  'How tries at channels, and at WeChat’s check of texts (`msgSecCheck`), ended among these events.':
    '这些事件中，经各通道的尝试以及微信文字检测（`msgSecCheck`）的结果。',
  'Its number in the group’s list, the bound for a replay.': '在该组列表中的编号，用作重新处理的上限。',
  'The code of the error; its words may hold somebody’s and are not shown.':
    '错误的代码；其文字可能含有他人的内容，故不显示。',
  'Why it did not pass, as in `moderation.<label>`.': '未通过的原因，与 `moderation.<label>` 相同。',
  'Absent, like the other texts, once the person is erased.': '与其他文字一样，用户注销后不再返回。',
  'What the rules of today find in it.': '现行规则在其中发现的内容。',
  'The parts where they find it, as written.': '所发现的部分，保持原文。',
  'Counts the changes that its sender made to the text. Name it to decide.': '发送者修改文字的次数，作决定时请提供。',
  'What comes first. A cursor goes on in the order that is named with it. Without it: `newest`.':
    '哪一端排在前面。翻页时请带上与之前相同的顺序；不填则为 `newest`（最新的在前）。',
  'What the chain and operators said, oldest first.': '自动检测与运营人员的结论，从早到晚排列。',
  'As verdicts name it.': '与内容安全结论中的名称一致。',
  'How often operators changed them. Name it to change them.': '运营人员修改的次数，修改时请提供。',
  'How many rules of words that count together; they cannot be taken out.': '须同时命中的词语规则数，不能移除。',
  'The latest 50 changes, newest first: how many there were after each.':
    '最近 50 次修改，从新到旧：每次修改后各有多少条。',
  'Read in this part.': '本次读取的数量。',
  'Read in all parts so far, 10,000 at most.': '迄今各次共读取的数量，最多 10,000。',
  'Would be blocked now.': '现在会被拦截。',
  'Would be held now.': '现在会转人工审核。',
  'Would be held and not blocked.': '会转人工审核，不再拦截。',
  'Would pass now.': '现在会通过。',
  'The first 50 of them in this part, newest first. That they were seen is recorded.':
    '其中最先的 50 条，从新到旧。查看会留下记录。',
  'Absent of a text that its sender changed.': '发送者改过的文字没有此字段。',
  'What the rules find, with a few characters around it; digits are masked.':
    '规则所发现的内容及其前后几个字；数字已打码。',
  'When it would be sent, which is when this would be decided.': '将要发送的时间，也就是作出决定的时间。',
  'By the local rules. WeChat is not asked, and may still hold the text.':
    '依据本地规则。此处不询问微信，微信仍可能要求人工审核。',
  'Empty once the person is erased.': '用户注销后为空。',
  '`file-only`: it would be in the inbox and ring nowhere. `defer`: it would ring at `until`.':
    '`file-only`：进收件箱而不提醒。`defer`：在 `until` 时提醒。',
  'When it would be said again, unless it is acknowledged before; none follows one that is refused.':
    '若此前无人确认知晓，将再次提醒的时间；被拒绝的那次之后不再提醒。',
  'The kinds of channels it would go through.': '将经过的通道类型。',
  'How loud: `critical` only where the person allowed it, else `high`.':
    '提醒的紧急程度：用户允许时才是 `critical`，否则为 `high`。',
  'What happened and why, in words for people.': '发生了什么以及原因，用平常的话说明。',
  'Of what was scheduled: when it is sent, at the earliest.': '定时推送：最早的发送时间。',
  'Of what was put off: when it is tried again, at the earliest.': '已推迟的推送：最早的再次尝试时间。',
  'A stable word, such as `muted`, `weak`, `no-channel` or `moderation.<label>`.':
    '固定的词，如 `muted`、`weak`、`no-channel` 或 `moderation.<label>`。',
  'What the reason means, in words for people.': '原因的说明，用平常的话写成。',
  'When it was accepted.': '接受推送的时间。',
  'When it is sent, or was to be, at the earliest.': '最早的发送时间，或原定的发送时间。',
  'The push as it is now; it was accepted, or something became of it.': '推送的当前状态：已被接受，或有了新的结果。',
  '`urn:hark:problem:` and the code.': '`urn:hark:problem:` 加上 code。',
  "In the reader's language, as `detail` is.": '与 `detail` 一样，使用读者的语言。',
  'What to do next.': '接下来该怎么做。',
  'Stable: it is never renamed.': '固定不变，不会改名。',
  'For whoever looks into it; also in the header X-Request-Id.': '查询问题时使用；也在响应头 X-Request-Id 中。',
  'Of input that is wrong: which fields, and why. Of an unknown address: which ones come near.':
    '有误的输入：哪些字段，以及原因。未知地址：相近的地址有哪些。',
  'The id of an app or of an owner, or a part of a name. Without it: all apps.':
    '应用或所有者的 id，或名称的一部分。不填：全部应用。',
  'Which first; `oldest` only of a stream.': '哪些在前；`oldest` 仅用于单个事件流。',
  'The number of an event in the stream: the state right after it. Without it: after the latest.':
    '事件在流中的编号：查看紧接其后的状态。不填：最新事件之后的状态。',
  'Rules of words that count only together. Without it they stay as they are.':
    '同时出现才生效的词语规则。不填则保持不变。',
  'A text matches where one word of each group stands in it, close to each other.':
    '每组各有一个词相距不远地出现在文本中，即为命中。',
  'In how many letters, digits and characters.': '须在多少个字母、数字和汉字之内。',
  'By their `id`.': '按其 `id`。',
  'An address that they log in with, or proved to receive at. The whole address.':
    '此人用于登录或已验证可接收消息的邮箱，须填完整地址。',
  'Their openid in the mini program of this hub.': '此人在本站小程序中的 openid。',
  'What they were found by, masked.': '据以找到此人的信息，已遮盖。',
  'Its place in the whole log, a number: larger is later.': '在整个事件日志中的位置，为数字，越大越晚。',
  'The id of the request or event that it followed from at once.': '直接引发它的请求或事件的 id。',
  'The revision of the stream’s latest event.': '该事件流最新事件的编号。',
  'The state before the event, in the same form.': '该事件之前的状态，格式相同。',
  'The state that decisions were made on after the event: masked as events are, long lists cut.':
    '该事件之后据以做出决定的状态：与事件一样遮盖，过长的列表会截断。',
  'How many rules of words that count together.': '同时出现才生效的词语规则的数量。',
  'These rules. `id` names one to take it out, as long as it is the same.':
    '这些规则。凭 `id` 可去除其中一条，规则不变则 `id` 不变。',
  'The latest other apps of its owner, deleted ones too.': '所有者最近的其他应用，含已删除的。',
  'The latest 100,000, by what they are now. Those of people who were erased are gone.':
    '最近的 100,000 个，按当前状态统计。已注销用户的不再计入。',
  "The owner's, with every event that changed it.": '所有者的信用，附改变过它的每个事件。',
  'Of the window, the latest 100,000.': '统计期内最近的 100,000 条。',
  'To how many bindings they went.': '发往多少个授权。',
  'Made in the window.': '统计期内提出的。',
  'How many people made them.': '由多少人提出。',
  'Complainants per recipient of the window, between the bounds of Wilson’s interval (95 %). Absent without recipients.':
    '统计期内投诉人数与接收人数之比，取 Wilson 区间（95 %）的上下界。没有接收人则不返回。',
  'The last 30 days.': '最近 30 天。',
  'The latest, newest first, whenever they were; never says who complained.':
    '最近的投诉，不限时间，最新的在前；不透露投诉人。',
  'The latest, newest first, whenever they were.': '最近的推送，不限时间，最新的在前。',
};
