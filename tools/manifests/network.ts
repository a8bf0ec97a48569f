import { isDeepStrictEqual } from 'node:util';
import { isMap, Manifest, mapAt, mapsAt, textAt, Yaml, YamlMap } from './read-manifests';
import type { SettingsRead } from './settings-read';

/** `to nats:4222`, `from hark/ingress:3000`, `to public:443`, sorted. */
export type Edges = readonly string[];

const component = 'app.kubernetes.io/component';
const appName = 'app.kubernetes.io/name';

/** Networks that no provider is in; each must lie outside of every edge to the internet. */
const notPublic = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16', '127.0.0.0/8'];

const isWords = (value: Yaml | undefined): value is readonly string[] => Array.isArray(value);

/** Whether a selector chooses a pod with these labels; only `In` and `NotIn` are used here. */
export function selects(selector: YamlMap, labels: Readonly<Record<string, string>>): boolean {
  const wanted = Object.entries(mapAt(selector, 'matchLabels'));
  return (
    wanted.every(([name, value]) => labels[name] === value) &&
    mapsAt(selector, 'matchExpressions').every((expression) => {
      const { operator, values } = expression;
      const listed = isWords(values) && values.includes(labels[textAt(expression, 'key')] ?? '');
      return operator === 'In' ? listed : operator === 'NotIn' && !listed;
    })
  );
}

const policiesFor = (manifests: readonly Manifest[], labels: Readonly<Record<string, string>>): readonly YamlMap[] =>
  manifests
    .filter(({ value }) => value.kind === 'NetworkPolicy')
    .filter(({ value }) => selects(mapAt(value, 'spec.podSelector'), labels))
    .map(({ value }) => value);

/** Who may speak with a service of this name, and with whom it may. Throws when a peer or a port is left open. */
export function edgesOf(manifests: readonly Manifest[], labels: Readonly<Record<string, string>>): Edges {
  const edges = policiesFor(manifests, labels).flatMap((policy) => [
    ...mapsAt(policy, 'spec.ingress').flatMap((rule) => edgesOfRule('from', rule)),
    ...mapsAt(policy, 'spec.egress').flatMap((rule) => edgesOfRule('to', rule)),
  ]);
  return [...new Set(edges)].sort();
}

function edgesOfRule(direction: 'from' | 'to', rule: YamlMap): string[] {
  const peers = mapsAt(rule, direction);
  const ports = mapsAt(rule, 'ports');
  // A rule without peers or ports means all of them.
  if (peers.length === 0 || ports.length === 0) throw new Error(`an edge ${direction} anything`);
  return peers.flatMap((peer) => ports.map((port) => `${direction} ${nameOfPeer(peer)}:${textAt(port, 'port')}`));
}

function nameOfPeer(peer: YamlMap): string {
  if (isMap(peer.ipBlock)) return nameOfBlock(peer.ipBlock);
  const pods = mapAt(peer, 'podSelector.matchLabels');
  const pod = [pods[appName], pods['k8s-app']].find((name) => typeof name === 'string') ?? '';
  const [namespace = ''] = Object.keys(mapAt(peer, 'namespaceSelector.matchLabels'));
  if (!pod && !namespace) throw new Error('a peer that is anybody');
  return pod || namespace;
}

function nameOfBlock(block: YamlMap): string {
  const { cidr, except } = block;
  const left = isWords(except) ? except : [];
  if (cidr === '0.0.0.0/0' && notPublic.every((network) => left.includes(network))) return 'public';
  if (cidr === '2000::/3') return 'public';
  throw new Error(`${textAt(block, 'cidr')} holds networks that are not public`);
}

/** The edges that follow from what a service reads: an address that it is told is one that it may call. */
export function edgesWanted(service: string, { names }: SettingsRead): Edges {
  const edges: readonly (readonly [setting: string, ...edges: string[]])[] = [
    ['HARK_HEALTH_PORT', 'from hark/monitoring:9090', 'to kube-dns:53'],
    ['HARK_PORT', 'from hark/ingress:3000'],
    ['NATS_URL', 'to nats:4222'],
    ['EVENTSTORE_URL', 'to eventstore:2113'],
    ['DATABASE_URL', 'to postgres:5432'],
    ['WECHAT_BASE_URL', 'to public:443'],
    // People name Bark servers of their own, and webhooks: at the ports that libs/outbound lets them have.
    ['BARK_BASE_URL', 'to public:443', 'to public:8443'],
    ['SMTP_URL', 'to public:465', 'to public:587'],
  ];
  return [...new Set(edges.flatMap(([setting, ...wanted]) => (names.has(setting) ? wanted : [])))].sort();
}

export const labelsOf = (service: string): Readonly<Record<string, string>> => ({
  [appName]: 'hark',
  [component]: service,
});

/** Whether everything that no other policy speaks of is refused, both ways. */
export const deniesAll = (manifests: readonly Manifest[]): boolean =>
  policiesFor(manifests, {}).some(({ spec }) =>
    isDeepStrictEqual(spec, { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }),
  );
