/** The groups of calls, in the order in which they are read, by the first part of a path under `/v1`. */
const groups = [
  {
    name: 'Sessions',
    description: 'Log in and out, and who one is.',
    paths: ['sessions', 'device-authorizations', 'me'],
  },
  { name: 'Apps', description: 'Those who send, their owners, bindings and standing.', paths: ['apps', 'claims'] },
  {
    name: 'Bindings',
    description: 'The consent that a person gives an app.',
    paths: ['binding-requests', 'bindings', 'blocks', 'terms', 'jwks.json'],
  },
  { name: 'Endpoints', description: 'Where a person is reached.', paths: ['endpoint-kinds', 'endpoints', 'wechat'] },
  { name: 'Pushes', description: 'What apps send, and what became of it.', paths: ['pushes'] },
  { name: 'Inbox', description: 'What came for a person.', paths: ['inbox'] },
  { name: 'Complaints', description: "A person's complaints about what came.", paths: ['complaints'] },
  { name: 'Operation', description: 'For operators and admins: queues, bans, roles.', paths: ['ops'] },
] as const;

/** Their names in Chinese. */
export const chineseTags: Readonly<Record<string, string>> = {
  Sessions: '登录',
  Apps: '应用',
  Bindings: '授权',
  Endpoints: '通道',
  Pushes: '推送',
  Inbox: '收件箱',
  Complaints: '投诉',
  Operation: '运营',
};

export const tags = groups.map(({ name, description }) => ({ name, description }));

/** The tag of a path, such as `Apps` of `/v1/apps/:appId`. */
export function tagOf(path: string): string {
  const part = path.split('/')[2];
  const group = groups.find(({ paths }) => (paths as readonly (string | undefined)[]).includes(part));
  if (!group) throw new TypeError(`no group of calls has the path ${path}`);
  return group.name;
}
