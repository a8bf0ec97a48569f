// `npx nx g ./tools/generators:slice delivery archive-item --route 'POST /v1/inbox/archive in inbox'`
//
// Makes a use case in the form that all of them have; what it does is for you to write. Nx shows what changed.
import { join } from 'node:path';
import { ESLint } from 'eslint';
import type { Tree } from 'nx/src/devkit-exports';
import { format, resolveConfig } from 'prettier';
import ts from 'typescript';
import tseslint from 'typescript-eslint';

/** What `schema.json` lets be asked. */
export interface SliceOptions {
  readonly service: string;
  readonly name: string;
  readonly access?: 'user' | 'operator' | 'admin';
  readonly route?: string;
}

/** Writes the slice into `tree`: nothing is on the disk before all of it is made. Throws when there is one of that name. */
export default async function slice(
  tree: Tree,
  { service, name, access = 'user', route }: SliceOptions,
): Promise<void> {
  const pascal = pascalOf(name);
  const camel = pascal[0]!.toLowerCase() + pascal.slice(1);
  const folder = `apps/${service}/src/${name}`;
  if (tree.exists(folder)) throw new Error(`${folder} is there already`);
  const names: Names = { service, name, access, pascal, camel, subjects: `${service}Subjects` };
  const contracts = 'libs/contracts/src';

  const write = async (file: string, text: string): Promise<void> =>
    tree.write(file, await tidy(tree.root, file, text));
  const change = (file: string, ...changes: Change[]): Promise<void> =>
    write(
      file,
      changes.reduce((text, apply) => apply(text), tree.read(file, 'utf8')!),
    );

  await write(`${folder}/${name}.handler.ts`, handlerOf(names));
  await write(`${folder}/${name}.handler.int-spec.ts`, specOf(names));
  await change(
    `${contracts}/${service}.requests.ts`,
    intoConstant(names.subjects, `${camel}: '${service}.${name}',`),
    atEnd(`/** TODO: what it takes. */\nexport const ${camel}Request = z.strictObject({});`),
  );
  await change(
    `${contracts}/${service}.replies.ts`,
    atEnd(
      `/** TODO: what is answered. */\nexport const ${camel}Reply = z.strictObject({}).meta({ id: '${pascal}' });\n` +
        `export type ${pascal}Reply = z.infer<typeof ${camel}Reply>;`,
    ),
  );
  await change(
    `${contracts}/reply-schemas.ts`,
    intoConstant('schemas', `[${names.subjects}.${camel}]: ${camel}Reply,`),
    importing(`./${service}.replies`, `${camel}Reply`),
  );
  await change(
    `apps/${service}/src/${service}.module.ts`,
    intoArray('controllers', `${pascal}Handler`),
    importing(`./${name}/${name}.handler`, `${pascal}Handler`),
  );
  if (route !== undefined) {
    const [, method, path, table] = /^(\w+) (\S+) in (\w+)$/.exec(route)!;
    await change(
      `apps/gateway/src/routes/${table}.routes.ts`,
      intoConstant(`${table}Routes`, routeOf(names, method!, path!)),
      importing('@hark/contracts', names.subjects),
      ...(method === 'GET' ? [] : [importing('@hark/contracts', `${camel}Request`)]),
    );
    await change(
      'apps/gateway/src/openapi/chinese.ts',
      intoConstant('chineseSummaries', `'${method} ${path}': 'TODO 说明 ${name}',`),
    );
    await change(
      'apps/gateway/src/openapi/examples.ts',
      intoConstant('replyExamples', `[${names.subjects}.${camel}]: {},`),
      ...(method === 'GET' ? [] : [intoConstant('requestExamples', `'${method} ${path}': {},`)]),
    );
  }
}

interface Names {
  readonly service: string;
  readonly name: string;
  readonly access: string;
  readonly pascal: string;
  readonly camel: string;
  readonly subjects: string;
}

const pascalOf = (name: string): string => name.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());

const handlerOf = ({ access, pascal, camel, subjects }: Names): string => `
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { ${camel}Request, ${pascal}Reply, ${subjects}, Reply } from '@hark/contracts';
import { Input, Requires, UserId } from '@hark/service';

/** TODO: what it does, for whom, and what it is refused with. */
@Controller()
@Requires('${access}')
export class ${pascal}Handler {
  @MessagePattern(${subjects}.${camel})
  async handle(
    @Input(${camel}Request) _asked: z.infer<typeof ${camel}Request>,
    @UserId() _userId: string,
  ): Promise<Reply<${pascal}Reply>> {
    return { body: {} };
  }
}
`;

const specOf = ({ service, name, access, camel, subjects }: Names): string => {
  const world = `${pascalOf(service)}World`;
  return `
import { ${subjects} } from '@hark/contracts';
import { uuid7 } from '@hark/kernel';
import { anonymous, refusal } from '@hark/testing';
import { ${world} } from '../testing/${service}-world.fixture';

describe('${name.replaceAll('-', ' ')}', () => {
  let world: ${world};
  beforeAll(async () => {
    world = await ${world}.start(${service === 'moderation' ? '{ wechat: false }' : ''});
  });
  afterAll(() => world.close());

  it('TODO: does what it is for', async () => {
    const caller = { kind: 'user' as const, userId: uuid7(), roles: ['user'${access === 'user' ? '' : `, '${access}'`}] };
    expect((await world.ask(${subjects}.${camel}, {}, { caller })).body).toEqual({});
  });

  it('is for people who are logged in', async () => {
    expect(await refusal(world.ask(${subjects}.${camel}, {}, { caller: anonymous }))).toBe('session.required');
  });
});
`;
};

function routeOf({ access, name, camel, subjects }: Names, method: string, path: string): string {
  const [first, ...rest] = name.replaceAll('-', ' ');
  const body =
    method === 'GET'
      ? 'data: ({ params }) => params,'
      : `body: ${camel}Request, data: ({ params, body }) => ({ ...params, ...body }),`;
  return `route({ method: '${method}', path: '${path}', summary: '${first!.toUpperCase()}${rest.join('')}', access: '${access}',
    subject: ${subjects}.${camel}, ${body} status: 200 }),`;
}

type Change = (text: string) => string;

const atEnd =
  (more: string): Change =>
  (text) =>
    `${text}\n${more}\n`;

/** Puts `more` last into the object or array that the constant `name` is. */
const intoConstant =
  (name: string, more: string): Change =>
  (text) =>
    insertLast(
      text,
      (node) => (ts.isVariableDeclaration(node) && node.name.getText() === name ? node.initializer : undefined),
      more,
    );

/** Puts `more` last into the array that the property `name` is. */
const intoArray =
  (name: string, more: string): Change =>
  (text) =>
    insertLast(
      text,
      (node) => (ts.isPropertyAssignment(node) && node.name.getText() === name ? node.initializer : undefined),
      more,
    );

function insertLast(text: string, found: (node: ts.Node) => ts.Node | undefined, more: string): string {
  const source = ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest, true);
  const find = (node: ts.Node): ts.Node | undefined => found(node) ?? ts.forEachChild(node, find);
  let list = find(source);
  while (list && (ts.isAsExpression(list) || ts.isSatisfiesExpression(list))) list = list.expression;
  if (!list || !(ts.isObjectLiteralExpression(list) || ts.isArrayLiteralExpression(list)))
    throw new Error(`no place for ${more}`);
  const items = ts.isObjectLiteralExpression(list) ? list.properties : list.elements;
  const comma = items.length === 0 || items.hasTrailingComma ? '' : ',';
  return `${text.slice(0, items.end)}${comma}\n${more}\n${text.slice(items.end)}`;
}

/** Imports `name` from `path`, in the import that is there or in one of its own; lint puts them in order. */
const importing =
  (path: string, name: string): Change =>
  (text) => {
    const source = ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest, true);
    const imports = source.statements.filter(ts.isImportDeclaration);
    const there = imports.find(({ moduleSpecifier }) => (moduleSpecifier as ts.StringLiteral).text === path);
    const bindings = there?.importClause?.namedBindings;
    if (!bindings || !ts.isNamedImports(bindings)) {
      const at = imports.at(-1)?.end ?? 0;
      return `${text.slice(0, at)}\nimport { ${name} } from '${path}';${text.slice(at)}`;
    }
    if (bindings.elements.some((element) => element.name.text === name)) return text;
    return `${text.slice(0, bindings.elements.pos)} ${name},${text.slice(bindings.elements.pos)}`;
  };

/** As lint orders it and prettier writes it. */
async function tidy(root: string, file: string, text: string): Promise<string> {
  const filePath = join(root, file);
  const eslint = new ESLint({ cwd: root, fix: true, overrideConfig: [tseslint.configs.disableTypeChecked] });
  const [linted] = await eslint.lintText(text, { filePath });
  return format(linted?.output ?? text, { ...(await resolveConfig(join(root, 'package.json'))), filepath: filePath });
}
