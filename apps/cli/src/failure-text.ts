import { type ErrorKind, HarkError } from '@hark/kernel';

const causesMax = 10;
/** SQLITE_FULL, SQLite's result code for a full disk (sqlite.org: Result and Error Codes). */
const sqliteFull = 13;
const primaryCodeMask = 0xff;

/** The Chinese text of a failure, by its code; `{name}` is filled from its extra members. */
const chinese: Readonly<Record<string, string>> = {
  'command.unknown': '没有这个命令，执行 ./hark help 查看全部命令。',
  'command.invalid': '参数有误，执行 ./hark help 加命令名查看用法。',
  'config.invalid': '设置有误：请按上文修改对应的环境变量。',
  'config.home': 'HARK_HOME 无法使用：请指定一个属于当前用户且可写的文件夹。',
  'config.port-taken': '端口 {port} 已被占用：请结束占用它的程序，或将 {setting} 设为其他端口（0 表示自动选择）。',
  'config.address': '无法监听该地址：请将上文所述的设置改为本机地址或可用端口。',
  'config.master-key-mismatch': '主密钥与已有数据不符：请改回原来的 HARK_MASTER_KEY 或 master.key。',
  'config.master-key-missing': '缺少主密钥：请设置 HARK_MASTER_KEY，或放回 master.key。',
  'vault.missing':
    '事件日志中有个人内容，但存放密钥的 vault 是空的：请从备份恢复 Postgres 的 vault（docs/backup.md），或连同事件日志一起重新开始。',
  'vault.mismatch':
    'Postgres 中的 vault 与事件日志不属于同一套数据：请检查 DATABASE_URL 与 EVENTSTORE_URL，或恢复对应的 vault。',
  'vault.behind': 'vault 比事件日志旧，缺少部分用户的密钥：请恢复较新的 vault 备份（docs/backup.md）。',
  'eventstore.missing':
    'vault 中有用户密钥，但事件日志是空的：请恢复事件日志（docs/backup.md）或改正 EVENTSTORE_URL，或连同 Postgres 一起重新开始。',
  'backup.exists': '备份文件夹不为空：每次备份请使用新的文件夹。',
  'backup.nothing': '还没有可备份的数据：请先启动一次服务，或用 HARK_HOME、EVENTSTORE_URL、DATABASE_URL 指明位置。',
  'backup.damaged': '备份已损坏：请改用其他备份，或重新备份。',
  'restore.not-empty': '目标位置已有数据：请指定其他 HARK_HOME，或加 --replace（原数据会移到一旁，不会删除）。',
  'restore.unfinished': '上一次恢复未完成：请重新执行 ./hark restore。',
  'restore.no-event-log': '该备份不含事件日志：请将 EVENTSTORE_URL 设为它的事件存储。',
  'restore.tables-left': 'Postgres 中还有更新的数据表：请先删除各服务的 schema，它们会由事件重建。',
  'restore.erasures-unknown': '无法读取原有 vault 中已删除的用户：请修复该 Postgres，或自行移走其文件夹。',
  'hub.already-runs': '{home} 上已有服务在运行（进程 {pid}）{url}：请直接使用、先停止它，或设置其他 HARK_HOME。',
  'hub.not-running': '没有运行中的服务：请先执行 ./hark up。',
  'push.no-key': '没有密钥：请用 --key hk_… 指定（应用获得授权时会得到它）。',
  'start.unreachable': '无法连接上文所述变量指定的存储：请确认其地址正确且已启动。',
  'store.lost': '内置组件意外终止；已接收的数据是安全的，请重新启动。',
  'system.disk-full': '磁盘已满：请腾出空间后重试。',
  'system.not-permitted': '当前用户没有权限：请调整上文所述文件的权限或更换位置。',
  'system.too-many-files': '打开的文件过多：请提高限制（ulimit -n）后重试。',
  'test.failed': '测试未通过，详见上文。',
};

const chineseOfKind: Readonly<Record<ErrorKind, string>> = {
  invalid: '输入有误，请按上文修改后重试。',
  refused: '操作被拒绝，原因见上文。',
  'not-found': '未找到所需内容，详见上文。',
  conflict: '与现有状态冲突，详见上文。',
  unavailable: '暂时无法完成，请按上文处理后重试。',
};

/** One sentence in each language with what to do; a stack only for an unforeseen failure. */
export function failureText(error: unknown): string {
  const known = error instanceof HarkError && !isFull(error) ? error : systemFailure(error);
  if (known === undefined) {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return `hark: ${what}\nhark: 程序内部错误，请将以上内容告知开发者。\n`;
  }
  const { kind, code, message, detail } = known;
  const translated = (Object.hasOwn(chinese, code) && chinese[code]) || chineseOfKind[kind];
  const filled = translated.replace(/\{(\w+)\}/g, (_, name: string) => String(detail.extra?.[name] ?? ''));
  return `hark: ${message} (${code})\nhark: ${filled}\n`;
}

/** The system's error code, found anywhere among the causes. */
function systemFailure(error: unknown): HarkError | undefined {
  if (isFull(error)) {
    const message = 'the disk is full: make room where HARK_HOME is (and the temporary folder), then run this again';
    return new HarkError('unavailable', 'system.disk-full', message);
  }
  for (const { code, path, syscall } of causesOf(error)) {
    if (['EACCES', 'EPERM', 'EROFS'].includes(code ?? '') && path !== undefined) {
      const message = `${path} cannot be used by this user (${code}, ${syscall ?? 'open'}): change its rights, or name another place`;
      return new HarkError('invalid', 'system.not-permitted', message);
    }
    if (code === 'EMFILE' || code === 'ENFILE') {
      const message = 'too many files are open: raise the limit (ulimit -n), then run this again';
      return new HarkError('unavailable', 'system.too-many-files', message);
    }
  }
  return undefined;
}

const isFull = (error: unknown): boolean =>
  causesOf(error).some(
    ({ code, errcode = 0, message = '' }) =>
      code === 'ENOSPC' ||
      code === 'EDQUOT' ||
      (errcode & primaryCodeMask) === sqliteFull ||
      /No space left on device|Disk quota exceeded/.test(message),
  );

interface Cause {
  readonly code?: string;
  readonly errcode?: number;
  readonly path?: string;
  readonly syscall?: string;
  readonly message?: string;
  readonly cause?: unknown;
}

function causesOf(error: unknown): readonly Cause[] {
  const causes: Cause[] = [];
  for (let at = error; typeof at === 'object' && at !== null && causes.length < causesMax; at = (at as Cause).cause) {
    causes.push(at);
  }
  return causes;
}
