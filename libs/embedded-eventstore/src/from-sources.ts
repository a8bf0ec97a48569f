import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What a new thread or process has to run, and with which Node arguments. */
export interface Program {
  readonly code: string;
  readonly execArgv: readonly string[];
}

/**
 * JavaScript that loads a module of this folder: the built file where there is one; from TypeScript sources, as under
 * test, it compiles what it requires.
 */
export function programOf(module: string): Program {
  const built = join(__dirname, `${module}.js`);
  if (existsSync(built)) return { code: `require(${JSON.stringify(built)});`, execArgv: [] };
  const settings = JSON.stringify({
    swcrc: false,
    jsc: { target: 'es2023', parser: { syntax: 'typescript', decorators: true } },
    module: { type: 'commonjs' },
  });
  const code = `
    const { transformFileSync } = require(${JSON.stringify(require.resolve('@swc/core'))});
    require.extensions['.ts'] = (module, file) => module._compile(transformFileSync(file, ${settings}).code, file);
    require(${JSON.stringify(join(__dirname, `${module}.ts`))});`;
  return { code, execArgv: ['--conditions=@hark/source'] };
}
