import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const sources = join(__dirname, '../../apps/console/src');
const styles = join(__dirname, '../../node_modules/@mantine/core/styles');

const imports = readFileSync(join(sources, 'shell/component-styles.ts'), 'utf8');

it('styles stand in the order of Mantine’s own, in which one overrules another: a link is made of a text', () => {
  const whole = readFileSync(join(styles, '../styles.css'), 'utf8');
  const placeOf = (file: string) => {
    const [, own] = /\.(m_[0-9a-f]+)/.exec(readFileSync(join(styles, file), 'utf8')) ?? [];
    return own === undefined ? -1 : whole.indexOf(`.${own}`);
  };
  const files = [...imports.matchAll(/styles\/([\w-]+\.css)'/g)].map(([, file]) => file!);
  expect(files.length).toBeGreaterThan(20);
  expect(files).toEqual([...files].sort((one, other) => placeOf(one) - placeOf(other)));
});

it('every component that the console uses has its styles', () => {
  const used = globSync('**/*.tsx', { cwd: sources })
    .map((file) => readFileSync(join(sources, file), 'utf8'))
    .flatMap((text) => [...text.matchAll(/import \{([^}]*)\} from '@mantine\/core'/g)].map(([, names]) => names!))
    .flatMap((names) => names.split(',').map((name) => name.trim()));
  const missing = [...new Set(used)].filter(
    (name) => existsSync(join(styles, `${name}.css`)) && !imports.includes(`/${name}.css'`),
  );
  expect(missing).toEqual([]);
});
