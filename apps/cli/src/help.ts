/** How one command is used and what it does, in both languages. */
export interface CommandHelp {
  readonly usage: string;
  /** The usage among those of all commands, where it would be long. */
  readonly shortUsage?: string;
  readonly en: string;
  readonly zh: string;
  /** Each option with its meaning in both languages. */
  readonly options?: Readonly<Record<string, readonly [en: string, zh: string]>>;
}

const split = ['a process per service, as production has it', '每个服务一个进程，与生产环境一致'] as const;

/** Every command, in the order it is shown. */
export const commandHelps: Readonly<Record<string, CommandHelp>> = {
  demo: {
    usage: './hark demo [--split]',
    en: 'play the whole story against a fresh hub, with a sandbox for WeChat, Bark and mail',
    zh: '用沙箱演示完整流程：登录、授权、推送、审核、免打扰、投诉、处罚、解绑',
    options: { '--split': split },
  },
  up: {
    usage: './hark up [--split [--replicas LIST]] [--log]',
    en: 'run the hub on http://localhost:3000 (HARK_PORT), data in ./.hark (HARK_HOME); prints where the console, the API reference (/docs) and the page of the sandbox are',
    zh: '启动服务，默认地址 http://localhost:3000（HARK_PORT），数据位于 ./.hark（HARK_HOME）；启动后显示控制台、接口文档（/docs）与沙箱页面的地址',
    options: {
      '--split': split,
      '--replicas': ['processes of a service: intake=2,delivery=2', '各服务的进程数，如 intake=2,delivery=2'],
      '--log': ['log to stderr as with HARK_LOG=info', '向标准错误输出日志，等同于 HARK_LOG=info'],
    },
  },
  open: {
    usage: './hark open',
    en: 'open the console of the running hub in the browser',
    zh: '在浏览器中打开控制台',
  },
  push: {
    usage: './hark push [--key hk_…] [--title TITLE] TEXT',
    en: 'push and see step by step what becomes of it',
    zh: '推送一条消息并跟踪结果',
    options: {
      '--key': [
        'the binding key to push with; without it the one that up made in the sandbox',
        '推送所用的授权密钥；缺省为 up 在沙箱中创建的密钥',
      ],
      '--title': ['the title', '标题'],
    },
  },
  test: {
    usage: './hark test [unit|int|e2e] [file …] [--affected [--base REF]]',
    en: 'every test (with lint, types and format when nothing is named)',
    zh: '运行全部测试（未指定范围时包含代码检查、类型与格式）',
    options: {
      '--affected': ['only of the projects that a change can break', '仅运行改动所影响项目的测试'],
      '--base': ['changed since it left this branch or commit (main)', '以该分支或提交为比较起点（默认 main）'],
    },
  },
  bench: {
    usage:
      './hark bench [event-store|nats|trouble|neighbours|rebuild|auth|schedule|streams] [--rate N] [--seconds N] [--people N] [--batch N] [--stored N] [--find-rate] [--troubled N] [--due N] [--streams N] [--events N] [--own] [--split] [--replicas LIST] [--json] [--html FILE] [--baseline FILE] [--cpu-prof DIR]',
    shortUsage: './hark bench [PART] [--rate N] [--seconds N] … (./hark help bench)',
    en: 'load the hub (or a part of it) and measure it (docs/performance.md)',
    zh: '对服务或其组成部分进行压测（docs/performance.md）',
    options: {
      '--rate': ['pushes a second', '每秒推送数'],
      '--seconds': ['how long', '持续秒数'],
      '--people': ['how many recipients', '接收人数'],
      '--batch': ['so many pushes in one request, 1 to 1000', '每个请求包含的推送数，1 至 1000'],
      '--stored': [
        'give a hub of its own so many pushes first, then kill it, start it again and measure it',
        '先在单独启动的服务中存入若干推送，强制终止并重启后再测量',
      ],
      '--find-rate': ['look for the highest rate that holds', '寻找可稳定承受的最高速率'],
      '--troubled': ['for trouble: addresses whose providers refuse', '用于 trouble：服务商拒收的地址数'],
      '--due': ['for schedule: pushes due at one moment', '用于 schedule：同一时刻到期的推送数'],
      '--streams': ['for streams: event streams that are open', '用于 streams：打开的事件流数量'],
      '--events': [
        'for event-store: events to write before it is measured again',
        '用于 event-store：再次测量前写入的事件数',
      ],
      '--own': ['a hub of its own, even when one runs', '即使已有运行中的服务，也单独启动一个'],
      '--split': split,
      '--replicas': ['with --split: intake=2,delivery=2', '与 --split 同用，如 intake=2,delivery=2'],
      '--json': ['one JSON object on stdout', '以一个 JSON 对象输出结果'],
      '--html': ['draw the run as one page that opens without a network', '将结果绘制为可离线打开的单个网页'],
      '--baseline': ['compare with a run that was saved with --json', '与此前以 --json 保存的结果对比'],
      '--cpu-prof': [
        'profile every thread of a hub of its own under the load, into this folder',
        '对单独启动的服务的每个线程在负载期间做 CPU 性能分析，写入该文件夹',
      ],
    },
  },
  rebuild: {
    usage: './hark rebuild --all',
    en: 'build the read models of the running hub anew from the events and compare; a hub on real stores is found by NATS_URL',
    zh: '由事件重建读模型并比对；使用外部存储的服务通过 NATS_URL 定位',
    options: { '--all': ['every read model of every service', '所有服务的全部读模型'] },
  },
  park: {
    usage: './hark park list | show GROUP | replay GROUP [--below N] | discard GROUP --below N --why TEXT [--by NAME]',
    shortUsage: './hark park list | show GROUP | replay GROUP | discard GROUP … (./hark help park)',
    en: 'events that reactors gave up: list counts them, show tells why, replay tries them again, discard gives them up for good (docs/runbooks.md)',
    zh: '处理失败而被搁置的事件：list 统计，show 查看原因，replay 重新处理，discard 永久放弃（docs/runbooks.md）',
    options: {
      '--below': [
        'only those with a smaller number (show tells it); discard needs it, so that none goes unseen',
        '仅限编号小于此值的事件（编号见 show）；discard 必须指定，以免放弃未查看的事件',
      ],
      '--why': ['for discard: the reason, which is kept with it', '用于 discard：放弃的原因，会一并记录'],
      '--by': [
        'for discard: who does it, which is kept with it; without it the name of this account',
        '用于 discard：操作人，会一并记录；缺省为当前系统用户名',
      ],
    },
  },
  receipt: {
    usage: './hark receipt verify FILE [--jwks URL|FILE]',
    en: 'prove the signed receipt of a consent, by the keys of the running hub or those given',
    zh: '验证授权凭证的签名；缺省使用运行中服务的公钥',
    options: { '--jwks': ['keys that were saved from /.well-known/jwks.json, or their address', '公钥文件或其地址'] },
  },
  keys: {
    usage: './hark keys rotate',
    en: 'sign receipts with a new key from now on; the former ones stay published',
    zh: '更换授权凭证的签名密钥；旧公钥继续公布',
  },
  backup: {
    usage: './hark backup DIR | --verify DIR',
    en: 'event log and vault of the hub, running or not, into a new folder; or read one through (docs/backup.md)',
    zh: '备份（运行中亦可）或校验备份；主密钥须另行保管',
    options: { '--verify': ['read a backup through instead', '校验已有备份'] },
  },
  restore: {
    usage: './hark restore DIR [--replace]',
    en: 'put a backup in place, once all of it has been checked (docs/backup.md)',
    zh: '校验并恢复备份',
    options: { '--replace': ['in the place of what is there, which is kept aside', '替换现有数据，原数据会另行保留'] },
  },
  'event-store': {
    usage:
      './hark event-store --port N --data DIR [--advertise-host H] [--advertise-port P] [--auth USER:PASS | --private FILE] [--max-append BYTES]',
    shortUsage: './hark event-store --port N --data DIR … (./hark help event-store)',
    en: 'the embedded event store on its own (docs/event-store.md)',
    zh: '单独启动内置事件存储',
    options: {
      '--port': ['0 takes a free one', '端口，0 表示自动选择'],
      '--data': ['folder of the log', '日志所在文件夹'],
      '--advertise-host': ['what gossip answers', 'gossip 返回的主机名'],
      '--advertise-port': ['what gossip answers', 'gossip 返回的端口'],
      '--auth': ['demand this login of every call', '要求每次调用使用该登录信息'],
      '--private': [
        'TLS and a login made at each start; the address with both goes into this file (mode 600)',
        '启用 TLS 与每次启动时生成的登录信息，并将含有它们的地址写入该文件（权限 600）',
      ],
      '--max-append': ['bytes that one append may have', '单次追加的最大字节数'],
    },
  },
  'migrate-events': {
    usage: './hark migrate-events --from URL --to URL [--state FILE] [--verify-only]',
    en: 'copy one event store to another and compare',
    zh: '迁移事件存储并核对',
    options: {
      '--from': ['the store to copy', '来源'],
      '--to': ['an empty store', '目标（须为空）'],
      '--state': ['where to remember how far it came', '记录进度的文件'],
      '--verify-only': ['compare only', '仅核对'],
    },
  },
  help: {
    usage: './hark help [COMMAND]',
    en: 'this, or how one command is used',
    zh: '显示本帮助或某个命令的用法',
  },
};

const settings = `Settings come from the environment (README.md) 设置来自环境变量（见 README.md）:
  HARK_HOME HARK_HOST HARK_PORT HARK_PUBLIC_URL HARK_HEALTH_HOST HARK_HEALTH_PORT HARK_ADMINS HARK_LOG HARK_MASTER_KEY
  EVENTSTORE_URL NATS_URL DATABASE_URL WECHAT_APP_ID WECHAT_APP_SECRET WECHAT_BASE_URL SMTP_URL BARK_BASE_URL WEBPUSH_BASE_URL
  WECHAT_EVENT_TOKEN WECHAT_EVENT_AES_KEY HARK_OUTBOUND_PROXY HARK_MAIL_FROM HARK_SECOND_FACTOR HARK_TRUSTED_PROXIES
  HARK_RATE_PER_CALLER HARK_RATE_PER_ADDRESS HARK_PUSH_RATE_PER_OWNER HARK_PUSH_RATE_PER_RECIPIENT
  HARK_SANDBOX_PORT HARK_SANDBOX_SMTP_PORT
`;

/** All commands in short. */
export function helpText(): string {
  const blocks = Object.values(commandHelps).map(
    ({ usage, shortUsage, en, zh }) => `  ${shortUsage ?? usage}\n      ${en}\n      ${zh}\n`,
  );
  return `hark - a consent-first push hub / 以用户授权为先的推送中心\n\n${blocks.join('')}\n${settings}`;
}

/** One command with its options; undefined for one that is not there. */
export function commandHelpText(name: string): string | undefined {
  const help = Object.hasOwn(commandHelps, name) ? commandHelps[name] : undefined;
  if (!help) return undefined;
  const { usage, en, zh, options = {} } = help;
  const lines = Object.entries(options).map(([option, [english, chinese]]) => {
    return `  ${option.padEnd(18)}${english}\n${' '.repeat(20)}${chinese}\n`;
  });
  return `${usage}\n  ${en}\n  ${zh}\n${lines.length > 0 ? '\n' : ''}${lines.join('')}`;
}
