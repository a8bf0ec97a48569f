import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { clientTime, line, parse, shown } from '@hark/contracts';
import { HarkError } from '@hark/kernel';
import { inLanguage } from './field-messages';

const root = join(__dirname, '../../../..');
const schema = z.strictObject({
  title: z.string().max(4_000),
  name: z.string().min(1),
  level: z.enum(['strong', 'weak']),
  tags: z.array(z.string()).max(2),
  muted: z.boolean(),
  called: shown(line(50)),
  count: z.int().max(9),
  at: z.iso.datetime(),
  from: clientTime.optional(),
});
const fits = {
  title: 't',
  name: 'n',
  level: 'weak',
  tags: [],
  muted: true,
  called: 'c',
  count: 1,
  at: '2026-12-01T09:00:00Z',
};

function messageOf(change: object): string {
  try {
    parse(schema, { ...fits, ...change });
    return '';
  } catch (error) {
    const { errors = [] } = (error as HarkError).detail;
    expect(errors).toHaveLength(1);
    return errors[0]!.message;
  }
}

describe('what is said of a field', () => {
  it.each<[object, string, string]>([
    [{ title: undefined }, 'is needed', '必填'],
    [{ title: 'x'.repeat(4_001) }, 'at most 4 000 characters, has 4 001', '最多 4 000 个字符，现有 4 001 个'],
    [{ name: '' }, 'must not be empty', '不能为空'],
    [{ title: 7 }, 'must be a text', '必须是文本'],
    [{ title: null }, 'must be a text', '必须是文本'],
    [{ level: 'loud' }, 'must be one of strong, weak', '必须是以下之一：strong, weak'],
    [{ tags: ['a', 'b', 'c'] }, 'at most 2 entries, has 3', '最多 2 项，现有 3 项'],
    [{ tags: 'a' }, 'must be a list', '必须是列表'],
    [{ muted: 'yes' }, 'must be true or false', '必须是 true 或 false'],
    [{ count: 1.5 }, 'must be a whole number', '必须是整数'],
    [{ count: 10 }, 'at most 9', '最大为 9'],
    [{ at: 'soon' }, 'must be a time such as 2026-12-01T09:00:00Z', '必须是时间，例如 2026-12-01T09:00:00Z'],
    ...['soon', 1764579600, '2026-12-01T09:00:00', '2026-13-01T09:00:00Z'].map(
      (from) =>
        [
          { from },
          'must be a time with its zone, such as 2026-12-01T09:00:00Z or 2026-12-01T09:00:00+08:00',
          '必须是带时区的时间，例如 2026-12-01T09:00:00Z 或 2026-12-01T09:00:00+08:00',
        ] as [object, string, string],
    ),
    [{ from: '1960-12-01T09:00:00Z' }, 'must be between 1970 and 9999', '必须在 1970 年至 9999 年之间'],
    [{ other: 1 }, 'unknown field; known are title, name', '未知字段，可用的有 title, name'],
    [
      { called: '工单\u200b' },
      'must not hold U+200B (character 3), which hides or reorders text',
      '不能包含 U+200B（第 3 个字符）：它会隐藏文字或改变文字顺序',
    ],
    [
      { called: '工\u0007单' },
      'must not hold the control character U+0007 (character 2)',
      '不能包含控制字符 U+0007（第 2 个字符）',
    ],
    [{ tilte: 1 }, 'unknown field; did you mean title? Known are title', '未知字段，是不是 title？可用的有 title'],
  ])('case %#', (change, english, chinese) => {
    const message = messageOf(change);
    expect(message).toContain(english);
    expect(inLanguage(message, 'en')).toBe(message);
    expect(inLanguage(message, 'zh-CN')).toContain(chinese);
  });

  it('is translated wherever it is written', () => {
    const files = globSync(
      ['libs/{contracts,channels}/src/*.ts', 'apps/{auth,intake,moderation,complaints,delivery}/src/**/*.ts'],
      {
        cwd: root,
      },
    ).filter((file) => !/(spec|\.fixture)\.ts$|field-message\.ts$|\.config\.ts$|open-channels\.ts$/.test(file));
    const written = files.flatMap((file) =>
      Array.from(
        readFileSync(join(root, file), 'utf8').matchAll(
          /['`](must [a-z][^'`\n]{3,}|is needed[^'`\n]*|at (?:most|least) [^'`\n]*)['`]/g,
        ),
        ([, text]) => text!,
      ),
    );
    expect(written).toContain('must be a UUID');
    const untranslated = written.filter(
      (text) => !/\p{Script=Han}/u.test(inLanguage(text.replace(/\$\{[^}]*\}/g, '9'), 'zh-CN')),
    );
    expect([...new Set(untranslated)]).toEqual([]);
  });
});
