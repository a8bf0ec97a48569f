import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformSync } from '@swc/core';

type Program = (load: NodeJS.Require, exports: object) => Promise<void>;
const AsyncFunction = (async () => undefined).constructor as new (...parts: string[]) => Program;

/** Runs a page's first block of TypeScript as it stands, with `'./data'` in a temporary folder; `load` is the caller's `require`. */
export async function runReadme(page: string, load: NodeJS.Require): Promise<void> {
  const [, block] = /^```ts\n(.*?)^```$/ms.exec(readFileSync(page, 'utf8')) ?? [];
  if (block === undefined) throw new Error(`${page} shows no TypeScript`);
  const dir = mkdtempSync(join(tmpdir(), 'hark-readme-'));
  try {
    const source = block.replaceAll(`'./data'`, JSON.stringify(dir));
    const { code } = transformSync(source, {
      jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
      module: { type: 'commonjs' },
      swcrc: false,
    });
    await new AsyncFunction('require', 'exports', code)(load, {});
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
