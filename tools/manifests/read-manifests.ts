import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

export const root = join(__dirname, '../..');

/** Anything that YAML can say. */
export type Yaml = string | number | boolean | null | readonly Yaml[] | YamlMap;
/** A mapping; absent members read as undefined. */
export interface YamlMap {
  readonly [name: string]: Yaml | undefined;
}

/** One document of a file. */
export interface Manifest {
  /** Below the repository, e.g. `k8s/base/auth.yaml`. */
  readonly file: string;
  readonly value: YamlMap;
}

export const isMap = (value: Yaml | undefined): value is YamlMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What stands at a path such as `spec.template.spec`; undefined where the path ends. */
export const at = (value: Yaml | undefined, path: string): Yaml | undefined =>
  path.split('.').reduce<Yaml | undefined>((part, name) => (isMap(part) ? part[name] : undefined), value);
/** The mapping at a path; an empty one when there is none. */
export const mapAt = (value: Yaml | undefined, path: string): YamlMap => {
  const found = at(value, path);
  return isMap(found) ? found : {};
};
/** The list of mappings at a path; an empty one when there is none. */
export const mapsAt = (value: Yaml | undefined, path: string): readonly YamlMap[] => {
  const found = at(value, path);
  return Array.isArray(found) ? (found as readonly Yaml[]).filter(isMap) : [];
};
export const textAt = (value: Yaml | undefined, path: string): string => {
  const found = at(value, path);
  return typeof found === 'string' || typeof found === 'number' ? String(found) : '';
};

/** Every document below k8s/, in the order of the files. Throws for YAML that is not valid, duplicate keys included. */
export function readKubernetes(): Manifest[] {
  return globSync('k8s/**/*.{yaml,yml}', { cwd: root })
    .sort()
    .flatMap((file) => parseManifests(relative(root, join(root, file)), readFileSync(join(root, file), 'utf8')));
}

/** The documents of one file. */
export function parseManifests(file: string, text: string): Manifest[] {
  return parseAllDocuments(text).map((document) => {
    const [problem] = [...document.errors, ...document.warnings];
    if (problem) throw new Error(`${file}: ${problem.message}`);
    return { file, value: document.toJS() as YamlMap };
  });
}

/** docker-compose.yml with its merges carried out and its variables left as they are written. */
export const readCompose = (): YamlMap =>
  parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true }) as YamlMap;
