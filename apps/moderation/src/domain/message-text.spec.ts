import fc from 'fast-check';
import { PushContent } from '@hark/contracts';
import { messageText } from './message-text';

const word = fc.stringMatching(/^[a-z]{6,12}$/);

describe('the text that is judged', () => {
  it('begins with what is read together', () => {
    expect(messageText({ title: '工单', body: '已出发', tags: ['a', 'b'], thread: 't' })).toBe('工单\n已出发\na\nb\nt');
  });

  it('holds every word of a push, wherever it stands', () => {
    const content = fc.record<PushContent>({
      title: word,
      body: word,
      markdown: word,
      summary: word,
      url: word,
      icon: word,
      image: word,
      tags: fc.array(word, { maxLength: 2 }),
      thread: word,
      collapseId: word,
      step: fc.record({ index: fc.constant(1), of: fc.constant(2), label: word }),
      actions: fc.array(fc.record({ id: word, label: word, url: word }), { maxLength: 2 }),
      variants: fc.record({ en: fc.record({ title: word, body: word, markdown: word, summary: word }) }),
      data: fc.dictionary(word, fc.oneof(word, fc.array(word), fc.dictionary(word, word))),
    });
    fc.assert(
      fc.property(content, (push) => {
        const text = messageText(push);
        const named = JSON.stringify(push.data).match(/[a-z]{6,}/g) ?? [];
        const { data: _, ...rest } = push;
        const said =
          JSON.stringify(rest, (_key, value: unknown) => value).match(/:"[a-z]+"|["[,]"[a-z]+"(?=[,\]])/g) ?? [];
        for (const one of [...named, ...said.map((found) => found.replace(/[^a-z]/g, ''))]) expect(text).toContain(one);
      }),
      { numRuns: 50 },
    );
  });
});
