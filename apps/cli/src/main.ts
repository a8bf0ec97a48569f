import { HarkError } from '@hark/kernel';

const help = `hark - a consent-first push hub / 以用户授权为先的推送中心

  ./hark demo [--split]      play the whole story against a fresh hub, with a sandbox for WeChat, Bark and mail
                             用沙箱演示完整流程:登录、授权、推送、审核、免打扰、投诉、处罚、解绑
  ./hark up [--split] [--log]  run the hub on http://localhost:3000 (HARK_PORT), data in ./.hark (HARK_HOME)
                             启动服务;--split 为每个服务一个进程
  ./hark push [--key hk_…] [--title TITLE] TEXT   push and see step by step what becomes of it
                             推送一条消息并跟踪结果
  ./hark test [unit|int|e2e] [file …]   every test (with lint, types and format when no part is named)
                             运行全部测试
  ./hark bench [event-store|nats] [--rate N] [--seconds N] [--people N] [--find-rate] [--own] [--split]
              [--events N] [--json]
                             load the hub (or one of the embedded stores) and measure it
                             压测
  ./hark rebuild --all       build the read models of the running hub anew from the events and compare
                             由事件重建读模型并比对
  ./hark park list | show GROUP | replay GROUP | discard GROUP --below N --why TEXT   events that reactors gave up
                             查看、重放或放弃处理失败的事件
  ./hark backup DIR | --verify DIR   event log and vault of the hub, running or not, into a new folder; or read one through
                             备份(运行中亦可)或校验备份;主密钥须另行保管
  ./hark restore DIR [--replace]   put a backup in place, once all of it has been checked (docs/backup.md)
                             校验并恢复备份
  ./hark event-store --port N --data DIR   the embedded event store on its own (docs/event-store.md)
                             单独启动内置事件存储
  ./hark migrate-events --from URL --to URL [--state FILE] [--verify-only]   copy one event store to another
                             迁移事件存储

Settings come from the environment: HARK_HOME HARK_PORT HARK_SANDBOX_PORT HARK_ADMINS EVENTSTORE_URL NATS_URL
DATABASE_URL WECHAT_APP_ID WECHAT_APP_SECRET WECHAT_BASE_URL SMTP_URL BARK_BASE_URL HARK_MASTER_KEY (README.md).
`;

type Command = (args: readonly string[], env: NodeJS.ProcessEnv) => Promise<void>;

// Loaded when asked for: a command pays only for what it uses.
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  up: async () => (await import('./up/up.command.js')).up,
  push: async () => (await import('./push/push.command.js')).push,
  demo: async () => (await import('./demo/demo.command.js')).demo,
  test: async () => (await import('./test/test.command.js')).test,
  bench: async () => (await import('./bench/bench.command.js')).bench,
  rebuild: async () => (await import('./rebuild/rebuild.command.js')).rebuild,
  park: async () => (await import('./park/park.command.js')).park,
  backup: async () => (await import('./backup/backup.command.js')).backup,
  restore: async () => (await import('./backup/restore.command.js')).restore,
  'event-store': async () => (await import('./event-store/event-store.command.js')).eventStore,
  'migrate-events': async () => (await import('./migrate-events/migrate-events.command.js')).migrateEvents,
};

async function main([name = '--help', ...args]: readonly string[]): Promise<number> {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    const asked = asksForHelp([name]) || name === 'help';
    (asked ? process.stdout : process.stderr).write(asked ? help : `hark: there is no command ${name}\n\n${help}`);
    return asked ? 0 : 2;
  }
  if (asksForHelp(args)) process.stdout.write(help);
  else await (await command())(args, process.env);
  return 0;
}

const asksForHelp = (words: readonly string[]): boolean => words.includes('--help') || words.includes('-h');

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    const known = error instanceof HarkError;
    process.stderr.write(
      known
        ? `hark: ${error.message} (${error.code})\n`
        : `hark: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exit(1);
  },
);
