import { isDeepStrictEqual } from 'node:util';
import { at, isMap, Manifest, mapAt, mapsAt, textAt, Yaml, YamlMap } from './read-manifests';

/** Each answers what is wrong, as `where: what`; nothing when all is well. */
type Check = (manifests: readonly Manifest[]) => string[];

const kindOf = ({ value }: Manifest): string => textAt(value, 'kind');
const nameOf = ({ value }: Manifest): string => textAt(value, 'metadata.name');
const ofKind = (manifests: readonly Manifest[], ...kinds: string[]): Manifest[] =>
  manifests.filter((manifest) => kinds.includes(kindOf(manifest)));
const same = isDeepStrictEqual;

/** Everything that runs pods. */
export const workloads = (manifests: readonly Manifest[]): Manifest[] => ofKind(manifests, 'Deployment', 'StatefulSet');
export const containersOf = ({ value }: Manifest): readonly YamlMap[] => [
  ...mapsAt(value, 'spec.template.spec.containers'),
  ...mapsAt(value, 'spec.template.spec.initContainers'),
];

const demand = (where: string, rules: Readonly<Record<string, boolean>>): string[] =>
  Object.entries(rules).flatMap(([what, holds]) => (holds ? [] : [`${where}: ${what}`]));

/** Pod Security "restricted", and what it leaves open: a read-only root, no token, no variables of other Services. */
export const podSecurity: Check = (manifests) =>
  workloads(manifests).flatMap((workload) => {
    const pod = mapAt(workload.value, 'spec.template.spec');
    const containers = containersOf(workload);
    return [
      ...demand(nameOf(workload), {
        'has containers': containers.length > 0,
        'not root': at(pod, 'securityContext.runAsNonRoot') === true,
        'a user by number, not 0': Number(textAt(pod, 'securityContext.runAsUser')) > 0,
        'seccomp RuntimeDefault': at(pod, 'securityContext.seccompProfile.type') === 'RuntimeDefault',
        'no token': pod.automountServiceAccountToken === false,
        'no service links': pod.enableServiceLinks === false,
      }),
      ...containers.flatMap((container) =>
        demand(`${nameOf(workload)}/${textAt(container, 'name')}`, {
          'no privilege escalation': at(container, 'securityContext.allowPrivilegeEscalation') === false,
          'drops ALL': same(at(container, 'securityContext.capabilities.drop'), ['ALL']),
          'read-only root': at(container, 'securityContext.readOnlyRootFilesystem') === true,
        }),
      ),
    ];
  });

/** Probes, requests and limits; memory asked for is memory granted. */
export const runtime: Check = (manifests) =>
  workloads(manifests).flatMap((workload) =>
    mapsAt(workload.value, 'spec.template.spec.containers').flatMap((container) => {
      const probes = ['startupProbe', 'livenessProbe', 'readinessProbe'].map((name) => mapAt(container, name));
      const ports = mapsAt(container, 'ports').map((port) => port.name);
      const memory = textAt(container, 'resources.requests.memory');
      return demand(`${nameOf(workload)}/${textAt(container, 'name')}`, {
        'all three probes': probes.every((probe) => isMap(probe.httpGet) || isMap(probe.exec)),
        'probes of ports it has': probes.every((probe) => !probe.httpGet || ports.includes(at(probe, 'httpGet.port'))),
        'requests cpu': textAt(container, 'resources.requests.cpu') !== '',
        'limits memory to what it requests': memory !== '' && memory === textAt(container, 'resources.limits.memory'),
        'mounts what is there': mapsAt(container, 'volumeMounts').every((mount) =>
          volumesOf(workload).includes(textAt(mount, 'name')),
        ),
      });
    }),
  );
const volumesOf = ({ value }: Manifest): string[] => [
  ...mapsAt(value, 'spec.template.spec.volumes').map((volume) => textAt(volume, 'name')),
  ...mapsAt(value, 'spec.volumeClaimTemplates').map((claim) => textAt(claim, 'metadata.name')),
];

/** How a service is rolled, stopped and spread; and that it finds its own pods. */
export const serviceContract: Check = (manifests) =>
  ofKind(manifests, 'Deployment').flatMap((deployment) => {
    const name = nameOf(deployment);
    const { value } = deployment;
    const pod = mapAt(value, 'spec.template.spec');
    const labels = at(value, 'spec.template.metadata.labels');
    const containers = mapsAt(pod, 'containers');
    const spread = mapsAt(pod, 'topologySpreadConstraints');
    const budgets = ofKind(manifests, 'PodDisruptionBudget').filter((budget) => nameOf(budget) === name);
    const heapMb = (container: YamlMap): number => {
      const options = mapsAt(container, 'env').find((entry) => entry.name === 'NODE_OPTIONS');
      return Number(/^--max-old-space-size=(\d+)$/.exec(textAt(options, 'value'))?.[1]);
    };
    const memoryMb = (container: YamlMap): number =>
      Number(/^(\d+)Mi$/.exec(textAt(container, 'resources.limits.memory'))?.[1]);
    return demand(name, {
      'at least two replicas': Number(textAt(value, 'spec.replicas')) >= 2,
      'selects its own pods': isMap(labels) && same(labels, at(value, 'spec.selector.matchLabels')),
      'is named as its component': componentOf(labels) === name,
      'never fewer than wanted': same(at(value, 'spec.strategy.rollingUpdate'), { maxUnavailable: 0, maxSurge: 1 }),
      'counts as ready after ten seconds': at(value, 'spec.minReadySeconds') === 10,
      'has 45 s to end': pod.terminationGracePeriodSeconds === 45,
      'waits 5 s before it ends': containers.every(
        (container) => at(container, 'lifecycle.preStop.sleep.seconds') === 5,
      ),
      'probes livez, livez, readyz': containers.every((container) =>
        same(
          ['startupProbe', 'livenessProbe', 'readinessProbe'].map((probe) => at(container, `${probe}.httpGet.path`)),
          ['/livez', '/livez', '/readyz'],
        ),
      ),
      'heap of three quarters of the limit': containers.every(
        (container) => heapMb(container) === memoryMb(container) * 0.75,
      ),
      'spread over zones and nodes':
        same(
          spread.map(({ topologyKey }) => topologyKey),
          ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'],
        ) && spread.every((constraint) => same(at(constraint, 'labelSelector.matchLabels'), labels)),
      'one budget': budgets.length === 1,
      'a budget for one pod, of its own, that never sticks': budgets.every((budget) =>
        same(budget.value.spec, {
          maxUnavailable: 1,
          unhealthyPodEvictionPolicy: 'AlwaysAllow',
          selector: { matchLabels: labels },
        }),
      ),
    });
  });
const componentOf = (labels: Yaml | undefined): Yaml | undefined =>
  isMap(labels) ? labels['app.kubernetes.io/component'] : undefined;

// Of PostgreSQL two numbers are a whole version.
const pinned =
  /^(postgres:\d+\.\d+|(?!postgres:)[a-z0-9][a-z0-9./-]*:\d+\.\d+\.\d+)(-[\w.-]+)?(@sha256:[0-9a-f]{64})?$/;

/** Images that could be another tomorrow. */
export const unpinned = (images: readonly string[]): string[] =>
  images.filter((image) => !pinned.test(image)).map((image) => `${image}: a tag with a whole version`);

/** The namespace enforces "restricted". */
export const namespaceSecurity: Check = (manifests) =>
  ofKind(manifests, 'Namespace').flatMap((namespace) =>
    demand(nameOf(namespace), {
      'enforces restricted':
        mapAt(namespace.value, 'metadata.labels')['pod-security.kubernetes.io/enforce'] === 'restricted',
    }),
  );

/** The containers of docker-compose.yml, by the same measure. */
export const composeSecurity = (compose: YamlMap): string[] =>
  Object.entries(mapAt(compose, 'services')).flatMap(([name, service = null]) =>
    demand(name, {
      'a user by number, not 0': /^[1-9]\d*:[1-9]\d*$/.test(textAt(service, 'user')),
      'read-only root': at(service, 'read_only') === true,
      'drops ALL': same(at(service, 'cap_drop'), ['ALL']),
      'no new privileges': same(at(service, 'security_opt'), ['no-new-privileges:true']),
      'a limit on memory': textAt(service, 'mem_limit') !== '',
      'a limit on processes': Number(textAt(service, 'pids_limit')) > 0,
      'a health check with an end':
        textAt(service, 'healthcheck.timeout') !== '' && isList(at(service, 'healthcheck.test')),
      'publishes no port, except the gateway its own on the loopback interface': same(
        at(service, 'ports'),
        name === 'gateway' ? ['127.0.0.1:${HARK_PORT:-3000}:3000'] : undefined,
      ),
    }),
  );
const isList = (value: Yaml | undefined): boolean => Array.isArray(value);
