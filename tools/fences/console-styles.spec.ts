import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const sources = join(__dirname, '../../apps/console/src');
const styles = join(__dirname, '../../node_modules/@mantine/core/styles');

it('every component that the console uses has its styles', () => {
  const imported = readFileSync(join(sources, 'shell/component-styles.ts'), 'utf8');
  const used = globSync('**/*.tsx', { cwd: sources })
    .map((file) => readFileSync(join(sources, file), 'utf8'))
    .flatMap((text) => [...text.matchAll(/import \{([^}]*)\} from '@mantine\/core'/g)].map(([, names]) => names!))
    .flatMap((names) => names.split(',').map((name) => name.trim()));
  const missing = [...new Set(used)].filter(
    (name) => existsSync(join(styles, `${name}.css`)) && !imported.includes(`/${name}.css'`),
  );
  expect(missing).toEqual([]);
});
