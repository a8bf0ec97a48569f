// Checks the types of the console and of the mini program against the hub's own API: makes the OpenAPI document of the built
// gateway, types of it (apps/console/generated, which nobody commits), and compiles. A route that changes under them is seen here.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import openapiTS, { astToString } from 'openapi-typescript';

const root = resolve(import.meta.dirname, '..', '..');
const folder = join(root, 'apps/console');
const load = createRequire(join(root, 'apps/gateway/dist/main.js'));

const { openApi } = load('./openapi/openapi.js');
const { allRoutes } = load('./routes/all-routes.js');
const types = astToString(await openapiTS(openApi(allRoutes, '1.0.0')));
const file = join(folder, 'generated/openapi.d.ts');
mkdirSync(join(folder, 'generated'), { recursive: true });
if (textOf(file) !== types) writeFileSync(file, types);
for (const checked of [
  folder,
  join(folder, 'src/service-worker'),
  join(root, 'apps/miniprogram'),
  join(root, 'examples/hacker-password/mini-program'),
]) {
  try {
    execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', checked], {
      stdio: 'inherit',
    });
  } catch {
    process.exitCode = 1;
  }
}

function textOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
