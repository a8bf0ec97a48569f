import { at, isMap, Manifest, mapAt, mapsAt, textAt, YamlMap } from './read-manifests';
import type { SettingsRead } from './settings-read';

/** Variables of a container: name to what it is set to, or to where that comes from. */
export type Environment = ReadonlyMap<string, string>;

/** Read by Node.js itself. */
const runtimeNames = ['NODE_OPTIONS'];

/** What the services must be told in a container beside what they ask for: by default they listen to this machine alone. */
const containerSettings: Readonly<Record<string, string>> = {
  HARK_HOST: '::',
  HARK_PORT: '3000',
  HARK_HEALTH_HOST: '::',
  HARK_HEALTH_PORT: '9090',
};

/** Read, and not for whoever runs a hub in containers: what tests check, and the sandbox of `./hark up`. */
export const notForContainers = ['HARK_CHECK_REPLIES', 'HARK_SANDBOX_URL'];

/** The variables of a container of Kubernetes. */
export const environmentOf = (container: YamlMap): Environment =>
  new Map(
    mapsAt(container, 'env').map((entry) => {
      const reference = { ...mapAt(entry, 'valueFrom.secretKeyRef'), ...mapAt(entry, 'valueFrom.configMapKeyRef') };
      return [
        textAt(entry, 'name'),
        entry.valueFrom ? `from ${textAt(reference, 'name')} ${textAt(reference, 'key')}` : textAt(entry, 'value'),
      ];
    }),
  );

/** The variables of a service of docker-compose.yml. */
export const composeEnvironment = (service: YamlMap): Environment =>
  new Map(Object.keys(mapAt(service, 'environment')).map((name) => [name, textAt(service, `environment.${name}`)]));

/** What is set in vain, what is missing, and what nobody could set. */
export function environmentProblems(
  where: string,
  environment: Environment,
  { names, required }: SettingsRead,
): string[] {
  const set = [...environment.keys()];
  const vain = set.filter((name) => !names.has(name) && !runtimeNames.includes(name));
  const missing = [...required].filter((name) => !environment.get(name));
  const outOfReach = [...names].filter(
    (name) => !required.has(name) && !environment.has(name) && !notForContainers.includes(name),
  );
  const unlike = Object.entries(containerSettings).filter(
    ([name, value]) => names.has(name) && environment.get(name) !== value,
  );
  return [
    ...vain.map((name) => `${where}: ${name} is read by nobody`),
    ...missing.map((name) => `${where}: ${name} is not set`),
    ...outOfReach.map((name) => `${where}: ${name} cannot be set`),
    ...unlike.map(([name, value]) => `${where}: ${name} is not ${value}`),
  ];
}

const secretName = /(KEY|SECRET|PASSWORD|_URL|ADMINS)$/;
const openUrls = ['HARK_PUBLIC_URL', 'WECHAT_BASE_URL', 'BARK_BASE_URL', 'WEBPUSH_BASE_URL'];

/** Secrets that do not come from a Secret, references to settings that no generator makes, and variables set twice. */
export function referenceProblems(manifests: readonly Manifest[], containers: readonly YamlMap[]): string[] {
  const generated = new Set(
    manifests
      .flatMap(({ value }) => mapsAt(value, 'configMapGenerator'))
      .flatMap((generator) => {
        const literals = Array.isArray(generator.literals) ? (generator.literals as readonly string[]) : [];
        return literals.map((literal) => `${textAt(generator, 'name')} ${literal.slice(0, literal.indexOf('='))}`);
      }),
  );
  return containers.flatMap((container) => {
    const entries = mapsAt(container, 'env');
    return entries.flatMap((entry, index) => {
      const name = textAt(entry, 'name');
      const where = `${textAt(container, 'name')}: ${name}`;
      const fromSecret = isMap(at(entry, 'valueFrom.secretKeyRef'));
      const setting = mapAt(entry, 'valueFrom.configMapKeyRef');
      const open = !secretName.test(name) || openUrls.includes(name) || /\$\(\w+\)/.test(textAt(entry, 'value'));
      return [
        ...(fromSecret || open ? [] : [`${where} is a secret in the open`]),
        ...(!setting.name || generated.has(`${textAt(setting, 'name')} ${textAt(setting, 'key')}`)
          ? []
          : [`${where} comes from nowhere`]),
        ...(entries.findIndex((other) => other.name === entry.name) === index ? [] : [`${where} is set twice`]),
      ];
    });
  });
}
