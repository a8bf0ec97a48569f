import { HarkError } from '@hark/kernel';

// Letters that look like a Latin one, folded to it. Modest on purpose: the lower-case ones a reader cannot tell apart.
const lookalikes: Readonly<Record<string, string>> = {
  ...pairs('авеѕіјкмнорстухԁһԛԝ', 'abesijkmhopctyxdhqw'),
  ...pairs('αβεικνορτυχγ', 'abeikvoptuxy'),
  ...pairs('01', 'ol'),
};
const latinWithLookalikeScript = /\p{Script=Latin}/u;
const lookalikeScript = /[\p{Script=Cyrillic}\p{Script=Greek}]/u;
const invisible = /\p{Cf}/gu;
const marks = /\p{M}/gu;
const spacing = /[\p{Z}\p{P}\p{S}]/gu;

/** Names that only the hub itself goes by. */
const reservedSkeletons: readonly string[] = ['hark', '微信', 'wechat'].map(skeletonOf);

/**
 * The name as it is stored: NFKC, invisible characters dropped, spaces trimmed and joined. Throws `app.name-confusable`
 * for the hub's own names and for a word that mixes Latin with Cyrillic or Greek, and `request.invalid` when nothing is
 * left. Whether it looks like a verified app's name is the handler's question, asked with `skeletonOf`.
 */
export function checkedAppName(name: string): string {
  const stored = name.normalize('NFKC').replace(invisible, '').replace(/\s+/gu, ' ').trim();
  if (stored === '') {
    throw new HarkError('invalid', 'request.invalid', 'the name is empty', {
      errors: [{ path: 'name', message: 'must hold a visible character' }],
    });
  }
  const mixed = stored.split(' ').some((word) => latinWithLookalikeScript.test(word) && lookalikeScript.test(word));
  if (mixed || reservedSkeletons.includes(skeletonOf(stored))) throw confusable();
  return stored;
}

/** What a hasty reader sees of a name: two names with one skeleton can be taken for each other. */
export function skeletonOf(name: string): string {
  const plain = name
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFKD')
    .replace(invisible, '')
    .replace(marks, '')
    .replace(spacing, '');
  return [...plain].map((letter) => lookalikes[letter] ?? letter).join('');
}

/** The name can be taken for another's. */
export const confusable = () =>
  new HarkError('refused', 'app.name-confusable', 'the name can be taken for another app or for the hub');

function pairs(from: string, to: string): Record<string, string> {
  const targets = [...to];
  return Object.fromEntries([...from].map((letter, index) => [letter, targets[index]!]));
}
