import fc from 'fast-check';
import { textParts, textsOfPush } from './text-parts';

describe('a text and the parts that a rule found in it', () => {
  it('is cut where they stand, the longer ones first', () => {
    expect(textParts('buy now, buy now!', ['buy', 'buy now'])).toEqual([
      { text: 'buy now', isMatch: true },
      { text: ', ', isMatch: false },
      { text: 'buy now', isMatch: true },
      { text: '!', isMatch: false },
    ]);
    expect(textParts('a.c abc (', ['a.c', '('])).toEqual([
      { text: 'a.c', isMatch: true },
      { text: ' abc ', isMatch: false },
      { text: '(', isMatch: true },
    ]);
  });

  it('is never changed', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.array(fc.string({ maxLength: 3 })), (text, matches) => {
        expect(
          textParts(text, matches)
            .map((part) => part.text)
            .join(''),
        ).toBe(text);
      }),
    ));

  it('are all texts of a push, title and body first', () => {
    const actions = [{ id: 'ok', label: 'OK' }];
    expect(textsOfPush({ url: 'https://x.example', body: 'b', step: { index: 1 }, actions, title: 't' })).toEqual([
      ['title', 't'],
      ['body', 'b'],
      ['url', 'https://x.example'],
      ['actions.0.id', 'ok'],
      ['actions.0.label', 'OK'],
    ]);
  });
});
