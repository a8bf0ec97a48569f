import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from './read-manifests';

/** The settings that one service reads. */
export interface SettingsRead {
  readonly names: ReadonlySet<string>;
  /** Without these it does not start. */
  readonly required: ReadonlySet<string>;
}

/** Settings declared in libraries count for the services whose sources import this name, or one of these. */
export const librarySettings: Readonly<Record<string, string>> = {
  'libs/service/src/config.ts': 'bootstrap',
  'libs/channels/src/open-channels.ts': 'Channels',
  'libs/outbound/src/outbound-settings.ts': 'outboundSettings|Channels',
};

const settingName = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/;
const hasFallback = /\.(default|prefault|optional)\(/;

/** Every file outside of tests that declares settings: members in capitals whose value is a schema. */
export const declaringFiles = (): string[] => sourcesOf('{apps,libs}/*').filter((file) => declaredIn(file).size > 0);

/** What the sources of `apps/<service>` and the libraries' settings that they use say. */
export function settingsReadBy(service: string): SettingsRead {
  const own = sourcesOf(`apps/${service}`);
  const text = own.map(read).join('\n');
  const used = Object.entries(librarySettings).filter(([, word]) =>
    new RegExp(`^import \\{[^}]*\\b(${word})\\b[^}]*\\} from`, 'm').test(text),
  );
  const declared = [...own, ...used.map(([file]) => file)].flatMap((file) => [...declaredIn(file)]);
  // What one needs, its service needs, though another may do without it.
  const required = declared.filter(([, isRequired]) => isRequired).map(([name]) => name);
  return { names: new Set(declared.map(([name]) => name)), required: new Set(required) };
}

const sourcesOf = (folder: string): string[] =>
  globSync(`${folder}/src/**/*.ts`, { cwd: root }).filter(
    (file) => !/(spec|\.fixture)\.ts$|\/src\/testing\//.test(file),
  );
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Names of settings in one file, and whether each has neither a default nor may be left out. */
function declaredIn(file: string): Map<string, boolean> {
  return settingsIn(file, read(file));
}

export function settingsIn(file: string, text: string): Map<string, boolean> {
  if (!/\bz\b|setting\./.test(text)) return new Map();
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const helpers = new Map<string, string>();
  const found = new Map<string, string>();
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.initializer)
      helpers.set(node.name.getText(), node.initializer.getText());
    if (ts.isPropertyAssignment(node) && settingName.test(node.name.getText())) {
      const value = node.initializer.getText();
      const [, helper = ''] = /^(\w+)\(/.exec(value) ?? [];
      if (/^(z|setting)\s*\./.test(value)) found.set(node.name.getText(), value);
      else if (/\bz\s*\./.test(helpers.get(helper) ?? '')) found.set(node.name.getText(), value + helpers.get(helper));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return new Map([...found].map(([name, value]) => [name, !hasFallback.test(value)]));
}
