import { cutToLength } from '@hark/kernel';
import { DropIn } from './drop-in';
import { noSuchAddress, present, textOf, titled } from './values';

/** The longest body of a push; a longer `desp` stands in `markdown` whole. */
const bodyMax = 4_000;

/** Server酱's `/serverchan/KEY.send`: `title`, and `desp` in Markdown. */
export const serverchan: DropIn = {
  name: 'serverchan',
  names: { body: 'desp', markdown: 'desp' },
  read: async (call) => {
    const [, key] = /^(.+)\.send$/.exec(call.parts.join('/')) ?? [];
    if (key === undefined) throw noSuchAddress();
    const sent = { ...call.query, ...(await call.fields()) };
    const desp = textOf(sent.desp);
    const body = textOf(sent.short) ?? (desp === undefined ? undefined : cutToLength(desp, bodyMax));
    return {
      key,
      push: present({
        ...titled(textOf(sent.title) ?? textOf(sent.text), body),
        markdown: desp,
        tags: textOf(sent.tags)?.split('|'),
      }),
    };
  },
  accepted: (id) => ({ status: 200, body: { code: 0, message: '', data: { pushid: id, error: 'SUCCESS', errno: 0 } } }),
  refused: ({ status }, text) => ({ status, body: { code: status * 100 + 1, message: text, info: text } }),
};
