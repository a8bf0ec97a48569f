import { join } from 'node:path';
import { runReadme } from '@hark/testing';

it('starts as the README says', () => runReadme(join(__dirname, '../README.md'), require));
