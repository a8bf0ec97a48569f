import {
  composeSecurity,
  containersOf,
  namespaceSecurity,
  podSecurity,
  runtime,
  serviceContract,
  unpinned,
} from './checks';
import { environmentOf, environmentProblems, referenceProblems } from './environment';
import { unknownComposeFields, unknownFields } from './known-keys';
import { deniesAll, edgesOf, labelsOf } from './network';
import { at, Manifest, parseManifests, readCompose, readKubernetes, Yaml, YamlMap } from './read-manifests';
import { settingsIn, settingsReadBy } from './settings-read';

const sound = readKubernetes().filter(({ file }) => file.startsWith('k8s/base/'));
const soundOf = (file: string): Manifest[] => sound.filter((manifest) => manifest.file === `k8s/base/${file}.yaml`);

/** A copy with another value at a path such as `spec.replicas`; undefined takes the member away. A number names an item. */
function changed<V extends Yaml>(value: V, path: string, other: Yaml | undefined): V {
  const copy = JSON.parse(JSON.stringify(value)) as V;
  const names = path.split('.');
  const last = names.pop()!;
  const holder = names.reduce<Record<string, unknown>>(
    (part, name) => (part[name] ??= {}) as Record<string, unknown>,
    copy as Record<string, unknown>,
  );
  if (other === undefined) delete holder[last];
  else holder[last] = other;
  return copy;
}
/** The manifests of auth, with a change in those of one kind. */
const authWith = (kind: string, path: string, other: Yaml | undefined): Manifest[] =>
  soundOf('auth').map(({ file, value }) => ({
    file,
    value: value.kind === kind ? changed(value, path, other) : value,
  }));
const pod = 'spec.template.spec';
const container = `${pod}.containers.0`;

describe('a manifest that is broken is noticed:', () => {
  it.each<[string, string, string, Yaml, string]>([
    ['a misspelt field', 'Deployment', `${container}.readynessProbe`, {}, 'readynessProbe is not a known field'],
    ['a field in a wrong place', 'Deployment', 'spec.minReadyseconds', 10, 'minReadyseconds is not a known field'],
    [
      'a right nobody knows',
      'Deployment',
      `${container}.securityContext.privileged`,
      true,
      'privileged is not a known field',
    ],
    ['the network of the host', 'Deployment', `${pod}.hostNetwork`, true, 'hostNetwork is not a known field'],
    ['a number as a text', 'Deployment', 'spec.replicas', '2', 'spec.replicas is not of type number'],
    ['a flag as a text', 'Deployment', `${pod}.automountServiceAccountToken`, 'no', 'is not of type flag'],
    ['a variable that is a number', 'Deployment', `${container}.env.1.value`, 9090, 'is not of type text'],
    ['an object for a list', 'Deployment', `${pod}.containers`, {}, 'containers is not a list'],
    ['a kind not used here', 'Deployment', 'kind', 'DaemonSet', 'apps/v1 DaemonSet is not a known kind'],
    ['an old version', 'PodDisruptionBudget', 'apiVersion', 'policy/v1beta1', 'is not a known kind'],
  ])('%s', (_, kind, path, other, problem) => {
    expect(authWith(kind, path, other).flatMap(unknownFields)).toEqual([expect.stringContaining(problem)]);
  });

  it.each<[string, string, Yaml | undefined]>([
    ['not root', `${pod}.securityContext.runAsNonRoot`, undefined],
    ['a user by number, not 0', `${pod}.securityContext.runAsUser`, 0],
    ['seccomp RuntimeDefault', `${pod}.securityContext.seccompProfile.type`, 'Unconfined'],
    ['no token', `${pod}.automountServiceAccountToken`, undefined],
    ['no service links', `${pod}.enableServiceLinks`, true],
    ['no privilege escalation', `${container}.securityContext.allowPrivilegeEscalation`, undefined],
    ['drops ALL', `${container}.securityContext.capabilities.drop`, ['NET_RAW']],
    ['read-only root', `${container}.securityContext.readOnlyRootFilesystem`, false],
    ['has containers', `${pod}.containers`, []],
  ])('rights: %s', (problem, path, other) => {
    const problems = podSecurity(authWith('Deployment', path, other));
    expect(problems).toContainEqual(expect.stringMatching(new RegExp(`^auth(/auth)?: ${problem}$`)));
  });

  it('rights of a container that only prepares', () => {
    const preparing = authWith('Deployment', `${pod}.initContainers`, [{ name: 'first', image: 'hark:0.1.0' }]);
    expect(podSecurity(preparing)).toContain('auth/first: drops ALL');
  });

  it.each<[string, string, Yaml | undefined]>([
    ['all three probes', `${container}.startupProbe`, undefined],
    ['probes of ports it has', `${container}.readinessProbe.httpGet.port`, 'http'],
    ['requests cpu', `${container}.resources.requests.cpu`, undefined],
    ['limits memory to what it requests', `${container}.resources.limits`, undefined],
    ['mounts what is there', `${pod}.volumes`, []],
  ])('running: %s', (problem, path, other) => {
    expect(runtime(authWith('Deployment', path, other))).toEqual([`auth/auth: ${problem}`]);
  });

  it.each<[string, string, string, Yaml | undefined]>([
    ['at least two replicas', 'Deployment', 'spec.replicas', 1],
    ['selects its own pods', 'Deployment', 'spec.selector.matchLabels', { 'app.kubernetes.io/name': 'hark' }],
    ['never fewer than wanted', 'Deployment', 'spec.strategy.rollingUpdate.maxUnavailable', 1],
    ['counts as ready after ten seconds', 'Deployment', 'spec.minReadySeconds', undefined],
    ['has 45 s to end', 'Deployment', `${pod}.terminationGracePeriodSeconds`, undefined],
    ['waits 5 s before it ends', 'Deployment', `${container}.lifecycle`, undefined],
    ['probes livez, livez, readyz', 'Deployment', `${container}.livenessProbe.httpGet.path`, '/readyz'],
    ['heap of three quarters of the limit', 'Deployment', `${container}.resources.limits.memory`, '256Mi'],
    ['spread over zones and nodes', 'Deployment', `${pod}.topologySpreadConstraints`, undefined],
    ['one budget', 'PodDisruptionBudget', 'metadata.name', 'other'],
    ['a budget for one pod', 'PodDisruptionBudget', 'spec.maxUnavailable', 0],
    ['a budget for one pod', 'PodDisruptionBudget', 'spec.unhealthyPodEvictionPolicy', undefined],
    ['a budget for one pod', 'PodDisruptionBudget', 'spec.selector.matchLabels', { component: 'auth' }],
  ])('rolling: %s (%s %s)', (problem, kind, path, other) => {
    expect(serviceContract(authWith(kind, path, other))).toEqual([expect.stringContaining(`auth: ${problem}`)]);
  });

  it('a namespace without Pod Security', () => {
    const open = soundOf('namespace').map(({ file, value }) => ({
      file,
      value: changed(value, 'metadata.labels', {}),
    }));
    expect(namespaceSecurity(open)).toEqual(['hark: enforces restricted']);
  });

  it('a key that stands twice, and YAML that is none', () => {
    expect(() => parseManifests('a.yaml', 'kind: Service\nkind: Pod')).toThrow('a.yaml: Map keys must be unique');
    expect(() => parseManifests('a.yaml', 'kind: [')).toThrow('a.yaml: ');
  });
});

describe('a wrong environment is noticed:', () => {
  const settings = settingsReadBy('auth');
  const auth = containersOf(soundOf('auth')[0]!)[0]!;
  const names = (at(auth, 'env') as readonly YamlMap[]).map(({ name }) => name);
  const problems = (path: string, other: Yaml | undefined): string[] =>
    environmentProblems('auth', environmentOf(changed(auth, path, other)), settings);
  const placeOf = (name: string): string => `env.${names.indexOf(name)}`;

  it('a variable that nobody reads, and the one that is missing for it', () => {
    expect(problems(`${placeOf('SMTP_URL')}.name`, 'SMTP_ADDRESS')).toEqual([
      'auth: SMTP_ADDRESS is read by nobody',
      'auth: SMTP_URL is not set',
    ]);
  });

  it('one that another service reads', () => {
    expect(problems(`${placeOf('HARK_ADMINS')}.name`, 'HARK_RATE_PER_CALLER')).toEqual([
      'auth: HARK_RATE_PER_CALLER is read by nobody',
      'auth: HARK_ADMINS cannot be set',
    ]);
  });

  it('a probe that would find nobody', () => {
    expect(problems(`${placeOf('HARK_HEALTH_HOST')}.value`, '127.0.0.1')).toEqual(['auth: HARK_HEALTH_HOST is not ::']);
  });

  it('a secret in the open, a setting from nowhere, a variable set twice', () => {
    const faults = [
      changed(auth, placeOf('NATS_URL'), { name: 'NATS_URL', value: 'nats://hark:hunter2@nats:4222' }),
      changed(auth, `${placeOf('HARK_LOG')}.valueFrom.configMapKeyRef.key`, 'LOG'),
      changed(auth, `${placeOf('HARK_ADMINS')}.name`, 'HARK_LOG'),
    ];
    expect(referenceProblems(sound, faults)).toEqual([
      'auth: NATS_URL is a secret in the open',
      'auth: HARK_LOG comes from nowhere',
      'auth: HARK_LOG is set twice',
    ]);
  });

  it('whatever way a source declares its settings', () => {
    const source = `
      const amount = () => z.string().default('1');
      const shape = { A_ONE: z.string(), A_TWO: setting.url('x').default('x://'), A_THREE: amount(), other: z.string() };
      const notOne = { A_FOUR: values.A_ONE };`;
    expect([...settingsIn('a.ts', source)]).toEqual([
      ['A_ONE', true],
      ['A_TWO', false],
      ['A_THREE', false],
    ]);
  });
});

describe('an open network is noticed:', () => {
  const policy = (spec: string): Manifest[] =>
    parseManifests('a.yaml', `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nspec: ${spec}`);
  const edges = (spec: string) => () => edgesOf(policy(spec), labelsOf('auth'));

  it('a rule for anybody or any port', () => {
    expect(edges('{ podSelector: {}, egress: [{}] }')).toThrow('an edge to anything');
    expect(edges('{ podSelector: {}, ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 1 }] }] }')).toThrow(
      'anybody',
    );
  });

  it('the internet together with what is not the internet', () => {
    const block = (cidr: string) =>
      `{ podSelector: {}, egress: [{ to: [{ ipBlock: { cidr: ${cidr} } }], ports: [{ port: 443 }] }] }`;
    expect(edges(block('0.0.0.0/0'))).toThrow('0.0.0.0/0 holds networks that are not public');
    expect(edges(block('"::/0"'))).toThrow('::/0 holds networks');
  });

  it('an edge too many, and the missing refusal', () => {
    const more = policy(
      '{ podSelector: {}, egress: [{ to: [{ podSelector: { matchLabels: { app.kubernetes.io/name: postgres } } }], ports: [{ port: 5432 }] }] }',
    );
    expect(edgesOf([...sound, ...more], labelsOf('gateway'))).toContain('to postgres:5432');
    expect(deniesAll(sound.filter(({ value }) => at(value, 'metadata.name') !== 'deny-all'))).toBe(false);
  });
});

describe('a broken docker-compose.yml is noticed:', () => {
  const compose = readCompose();
  it.each<[string, string, Yaml | undefined]>([
    ['a user by number, not 0', 'services.nats.user', undefined],
    ['read-only root', 'services.auth.read_only', false],
    ['drops ALL', 'services.auth.cap_drop', undefined],
    ['no new privileges', 'services.auth.security_opt', []],
    ['a limit on memory', 'services.auth.mem_limit', undefined],
    ['a limit on processes', 'services.auth.pids_limit', 0],
    ['a health check', 'services.auth.healthcheck', {}],
    ['publishes no port', 'services.eventstore.ports', ['2113:2113']],
    ['publishes no port', 'services.gateway.ports', ['3000:3000']],
  ])('%s (%s)', (problem, path, other) => {
    expect(composeSecurity(changed(compose, path, other))).toEqual([expect.stringContaining(problem)]);
  });

  it.each<[string, string, Yaml]>([
    ['healtcheck is not a known field', 'services.auth.healtcheck', {}],
    ['privileged is not a known field', 'services.auth.privileged', true],
    ['redis is not a known field', 'services.auth.depends_on.redis', { condition: 'service_started' }],
    ['environment is not of type map', 'services.auth.environment.HARK_PORT', 3000],
  ])('%s', (problem, path, other) => {
    expect(unknownComposeFields(changed(compose, path, other))).toEqual([expect.stringContaining(problem)]);
  });
});

it('images that may be another tomorrow are noticed', () => {
  const loose = [
    'hark',
    'hark:latest',
    'nats:2',
    'nats:2.12-alpine',
    'postgres:18-trixie',
    'node:lts-slim',
    'hark@sha256:0',
  ];
  expect(unpinned(loose)).toHaveLength(loose.length);
  expect(unpinned(['nats:2.12.7-alpine', 'ghcr.io/a/hark:0.1.0', 'postgres:18.6', 'postgres:18.6-trixie'])).toEqual([]);
});
