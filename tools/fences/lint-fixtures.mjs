// Lints every fixture as if it lay where its first line says, and prints what the linter said, by fixture, as JSON.
// A process of its own: the linter loads the configuration as it does on the command line.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

const root = join(import.meta.dirname, '../..');
const fixtures = join(import.meta.dirname, 'fixtures');
// A fixture is in no TypeScript program, so rules that need types are off; none of the fences does.
const eslint = new ESLint({ cwd: root, overrideConfig: [tseslint.configs.disableTypeChecked] });

const said = {};
for (const file of readdirSync(fixtures)) {
  const text = readFileSync(join(fixtures, file), 'utf8');
  const at = /^\/\/ at (\S+)$/m.exec(text)?.[1];
  const [result] = await eslint.lintText(text, { filePath: join(root, at), warnIgnored: true });
  said[file] = result.messages.map(({ ruleId, message, fatal = false }) => ({ ruleId, message, fatal }));
}
process.stdout.write(JSON.stringify(said));
