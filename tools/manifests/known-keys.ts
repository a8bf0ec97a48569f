import { isMap, Manifest, textAt, Yaml, YamlMap } from './read-manifests';

/**
 * What may stand where: an object has these members and no others, a list of one shape repeats it. Of leaves: text,
 * number, flag, port (a number or the name of a port), any (text or number), words (a list of texts), map (names to texts).
 */
type Shape = 'text' | 'number' | 'flag' | 'port' | 'any' | 'words' | 'map' | readonly [Shape] | Members;
interface Members {
  readonly [name: string]: Shape;
}

const meta = { name: 'text', namespace: 'text', labels: 'map', annotations: 'map' } as const;
const selector = {
  matchLabels: 'map',
  matchExpressions: [{ key: 'text', operator: 'text', values: 'words' }],
} as const;
const keyRef = { name: 'text', key: 'text', optional: 'flag' } as const;
const probe = {
  httpGet: { path: 'text', port: 'port' },
  exec: { command: 'words' },
  periodSeconds: 'number',
  timeoutSeconds: 'number',
  failureThreshold: 'number',
} as const;
const quantities = { cpu: 'any', memory: 'any', storage: 'any' } as const;
const container = {
  name: 'text',
  image: 'text',
  command: 'words',
  env: [{ name: 'text', value: 'text', valueFrom: { secretKeyRef: keyRef, configMapKeyRef: keyRef } }],
  ports: [{ name: 'text', containerPort: 'number' }],
  startupProbe: probe,
  livenessProbe: probe,
  readinessProbe: probe,
  lifecycle: { preStop: { sleep: { seconds: 'number' } } },
  resources: { requests: quantities, limits: quantities },
  securityContext: {
    allowPrivilegeEscalation: 'flag',
    readOnlyRootFilesystem: 'flag',
    capabilities: { drop: 'words' },
  },
  volumeMounts: [{ name: 'text', mountPath: 'text', readOnly: 'flag' }],
} as const;
const template = {
  metadata: { labels: 'map', annotations: 'map' },
  spec: {
    automountServiceAccountToken: 'flag',
    enableServiceLinks: 'flag',
    terminationGracePeriodSeconds: 'number',
    securityContext: {
      runAsNonRoot: 'flag',
      runAsUser: 'number',
      runAsGroup: 'number',
      fsGroup: 'number',
      seccompProfile: { type: 'text' },
    },
    topologySpreadConstraints: [
      {
        maxSkew: 'number',
        topologyKey: 'text',
        whenUnsatisfiable: 'text',
        labelSelector: selector,
        matchLabelKeys: 'words',
      },
    ],
    initContainers: [container],
    containers: [container],
    volumes: [{ name: 'text', emptyDir: { sizeLimit: 'any' }, configMap: { name: 'text' } }],
  },
} as const;
const peers = [
  { podSelector: selector, namespaceSelector: selector, ipBlock: { cidr: 'text', except: 'words' } },
] as const;
const networkPorts = [{ protocol: 'text', port: 'port' }] as const;
const object = (apiVersion: string, kind: string, members: Members): [string, Members] => [
  `${apiVersion} ${kind}`,
  { apiVersion: 'text', kind: 'text', ...members },
];

const kinds: ReadonlyMap<string, Members> = new Map([
  object('v1', 'Namespace', { metadata: meta }),
  object('v1', 'Service', {
    metadata: meta,
    spec: { clusterIP: 'text', selector: 'map', ports: [{ name: 'text', port: 'number', targetPort: 'port' }] },
  }),
  object('apps/v1', 'Deployment', {
    metadata: meta,
    spec: {
      replicas: 'number',
      revisionHistoryLimit: 'number',
      minReadySeconds: 'number',
      progressDeadlineSeconds: 'number',
      selector,
      strategy: { type: 'text', rollingUpdate: { maxUnavailable: 'any', maxSurge: 'any' } },
      template,
    },
  }),
  object('apps/v1', 'StatefulSet', {
    metadata: meta,
    spec: {
      replicas: 'number',
      serviceName: 'text',
      selector,
      template,
      volumeClaimTemplates: [
        { metadata: { name: 'text' }, spec: { accessModes: 'words', resources: { requests: quantities } } },
      ],
    },
  }),
  object('policy/v1', 'PodDisruptionBudget', {
    metadata: meta,
    spec: { maxUnavailable: 'any', unhealthyPodEvictionPolicy: 'text', selector },
  }),
  object('networking.k8s.io/v1', 'NetworkPolicy', {
    metadata: meta,
    spec: {
      podSelector: selector,
      policyTypes: 'words',
      ingress: [{ from: peers, ports: networkPorts }],
      egress: [{ to: peers, ports: networkPorts }],
    },
  }),
  object('kustomize.config.k8s.io/v1beta1', 'Kustomization', {
    namespace: 'text',
    resources: 'words',
    configMapGenerator: [{ name: 'text', literals: 'words', files: 'words' }],
    replicas: [{ name: 'text', count: 'number' }],
    images: [{ name: 'text', newName: 'text', newTag: 'text' }],
    patches: [{ patch: 'text' }],
  }),
]);

const health = {
  test: 'words',
  interval: 'text',
  timeout: 'text',
  retries: 'number',
  start_period: 'text',
  start_interval: 'text',
} as const;
const composeService: Members = {
  ...{ image: 'text', build: 'text', user: 'text', command: 'words', environment: 'map', profiles: 'words' },
  ...{ restart: 'text', read_only: 'flag', cap_drop: 'words', security_opt: 'words', pids_limit: 'number' },
  ...{ tmpfs: 'words', volumes: 'words', networks: 'words', ports: 'words', mem_limit: 'text', shm_size: 'text' },
  ...{ stop_signal: 'text', stop_grace_period: 'text', healthcheck: health },
};

const leaves: Readonly<Record<Extract<Shape, string>, (value: Yaml) => boolean>> = {
  text: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  flag: (value) => typeof value === 'boolean',
  port: (value) => typeof value === 'number' || (typeof value === 'string' && /^[a-z-]{1,15}$/.test(value)),
  any: (value) => typeof value === 'string' || typeof value === 'number',
  words: (value) => Array.isArray(value) && value.every((word) => typeof word === 'string'),
  map: (value) => isMap(value) && Object.values(value).every((member) => typeof member === 'string'),
};

function* unknownIn(value: Yaml, shape: Shape, path: string): Generator<string> {
  if (typeof shape === 'string') {
    if (!leaves[shape](value)) yield `${path} is not of type ${shape}`;
  } else if (isList(shape)) {
    if (!Array.isArray(value)) return void (yield `${path} is not a list`);
    for (const [index, item] of (value as readonly Yaml[]).entries())
      yield* unknownIn(item, shape[0], `${path}[${index}]`);
  } else {
    if (!isMap(value)) return void (yield `${path} is not an object`);
    for (const [name, member] of Object.entries(value)) {
      if (!Object.hasOwn(shape, name)) yield `${path}.${name} is not a known field`;
      else yield* unknownIn(member ?? null, shape[name]!, `${path}.${name}`);
    }
  }
}
const isList = (shape: Shape): shape is readonly [Shape] => Array.isArray(shape);

/** Fields of Kubernetes objects that are misspelt, out of place, of a wrong type or of a kind not used here. */
export function unknownFields({ file, value }: Manifest): string[] {
  const shape = kinds.get(`${textAt(value, 'apiVersion')} ${textAt(value, 'kind')}`);
  if (!shape) return [`${file}: ${textAt(value, 'apiVersion')} ${textAt(value, 'kind')} is not a known kind`];
  return [...unknownIn(value, shape, `${file}: ${textAt(value, 'kind')}`)];
}

/** The same for docker-compose.yml. */
export function unknownComposeFields(compose: YamlMap): string[] {
  const names = (of: Yaml | undefined): string[] => (isMap(of) ? Object.keys(of) : []);
  const each = (of: Yaml | undefined, shape: Shape): Members =>
    Object.fromEntries(names(of).map((name) => [name, shape]));
  const onStores = each({ eventstore: '', nats: '', postgres: '' }, { condition: 'text' });
  const shape: Members = {
    name: 'text',
    services: each(compose.services, { ...composeService, depends_on: onStores }),
    networks: each(compose.networks, { internal: 'flag' }),
    volumes: each(compose.volumes, { name: 'text' }),
  };
  const parts = Object.fromEntries(Object.entries(compose).filter(([name]) => !name.startsWith('x-')));
  return [...unknownIn(parts, shape, 'docker-compose.yml')];
}
