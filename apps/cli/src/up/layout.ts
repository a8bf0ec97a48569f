import type { ServiceName } from './services';

/** The parts of a hub by where they run. */
export interface Layout {
  /** Threads of the hub's own process, each with what runs in it. */
  readonly threads: readonly string[];
  /** Processes that the hub started. */
  readonly processes: readonly string[];
}

/** What a hub runs, as far as that decides where. */
export interface Parts {
  /** How many processes each service has; undefined when all run in the hub's own. */
  readonly replicas: Readonly<Record<ServiceName, number>> | undefined;
  readonly hasSandbox: boolean;
  readonly env: NodeJS.ProcessEnv;
}

const chinese: Readonly<Record<string, string>> = {
  services: '各服务',
  'event store': '事件存储',
  broker: '消息代理',
  sandbox: '沙箱',
};

/** Where each part runs. Stores that have an address are somebody else's and not named. */
export function layoutOf({ replicas, hasSandbox, env }: Parts): Layout {
  const services = Object.entries(replicas ?? {}).map(([name, count]) => (count > 1 ? `${name} ×${count}` : name));
  return {
    threads: [
      ...(replicas ? [] : ['services']),
      ...(env.EVENTSTORE_URL ? [] : ['event store']),
      ...(env.NATS_URL ? [] : ['broker']),
      ...(hasSandbox ? ['sandbox'] : []),
    ],
    processes: [...services, ...(env.DATABASE_URL ? [] : ['Postgres'])],
  };
}

/** `threads services, event store; processes Postgres  (线程：各服务、事件存储；进程：Postgres)` */
export function layoutLine({ threads, processes }: Layout): string {
  const kinds = [
    ['threads', '线程', threads],
    ['processes', '进程', processes],
  ] as const;
  const used = kinds.filter(([, , parts]) => parts.length > 0);
  const english = used.map(([kind, , parts]) => `${kind} ${parts.join(', ')}`).join('; ');
  const translated = used.map(([, kind, parts]) => `${kind}：${parts.map((part) => chinese[part] ?? part).join('、')}`);
  return `${english}  (${translated.join('；')})`;
}
