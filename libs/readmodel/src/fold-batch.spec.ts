import { affectedRows, foldBatch } from './fold-batch';
import { jsonText } from './json-text';
import { NoteEvent, notesProjection } from './notes.fixture';
import { quoted } from './sql';

const recorded = (id: string, event: NoteEvent, category = 'note') => ({
  event,
  category,
  id,
  streamId: `${category}-${id}`,
  revision: 0,
  position: 1n,
  eventId: id,
  recordedAt: '2026-01-05T09:00:00.000Z',
  metadata: {},
});
const written = (text: string): NoteEvent => ({ type: 'note.written', data: { text, at: 'then' } });
const row = (id: string, text: string, changes = 0) => ({
  note_id: id,
  text,
  at: 'then',
  changes,
  extra: { length: text.length },
});
const fold = (events: ReturnType<typeof recorded>[], before: [string, object][] = []) =>
  foldBatch(notesProjection, affectedRows(notesProjection, events), new Map(before));

describe('folding a batch', () => {
  it('folds the events of one row one after the other and writes it once', () => {
    const events = [
      recorded('a', written('x')),
      recorded('b', written('y')),
      recorded('a', { type: 'note.amended', data: { text: 'xx' } }),
    ];
    expect(fold(events)).toEqual({ emptied: [], upserts: [row('a', 'xx', 1), row('b', 'y')], deletes: [] });
  });

  it('begins with the row that was there', () => {
    const change = fold([recorded('a', { type: 'note.amended', data: { text: 'z' } })], [['["a"]', row('a', 'x', 4)]]);
    expect(change.upserts).toEqual([row('a', 'z', 5)]);
  });

  it('deletes what was there and says nothing of what came and went', () => {
    const torn: NoteEvent = { type: 'note.torn', data: {} };
    const events = [recorded('a', torn), recorded('b', written('y')), recorded('b', torn)];
    expect(fold(events, [['["a"]', row('a', 'x')]])).toEqual({ emptied: [], upserts: [], deletes: [{ note_id: 'a' }] });
  });

  it('leaves out rows that nothing happened to, and events of other categories', () => {
    const unknown = { type: 'note.unheard-of', data: {} } as unknown as NoteEvent;
    const events = [recorded('a', unknown), recorded('c', written('z'), 'letter')];
    expect(fold(events, [['["a"]', row('a', 'x')]])).toEqual({ emptied: [], upserts: [], deletes: [] });
  });
});

describe('an event that empties', () => {
  const emptied = { ...notesProjection, emptiedBy: { type: 'writer.erased', column: 'text' } };
  const erased = (text: string) => recorded(text, { type: 'writer.erased' } as never, 'writer');
  const foldEmptied = (events: ReturnType<typeof recorded>[], before: [string, object][] = []) =>
    foldBatch(emptied, affectedRows(emptied, events), new Map(before), new Set(['["new"]']));

  it('deletes the rows of its column, those that the batch has changed before too, and none that comes after', () => {
    const amended: NoteEvent = { type: 'note.amended', data: { text: 'mine' } };
    const events = [
      recorded('new', written('mine')),
      recorded('other', written('yours')),
      recorded('old', amended),
      erased('mine'),
      recorded('gone', amended),
      recorded('after', written('mine')),
    ];
    const before: [string, object][] = [
      ['["old"]', row('old', 'x')],
      ['["gone"]', row('gone', 'mine')],
    ];
    const change = foldEmptied(events, before);
    expect(change.emptied).toEqual([{ column: 'text', value: 'mine' }]);
    expect(change.upserts).toEqual([row('other', 'yours'), row('after', 'mine')]);
    expect(change.deletes).toEqual([{ note_id: 'new' }, { note_id: 'old' }, { note_id: 'gone' }]);
  });
});

describe('JSON for Postgres', () => {
  it('replaces what Postgres cannot hold and nothing else', () => {
    const value = { nul: 'a\0b', lone: 'x\ud800y', pair: '🙂', literal: '\\u0000', list: ['\0'] };
    expect(JSON.parse(jsonText(value))).toEqual({
      nul: 'a\ufffdb',
      lone: 'x\ufffdy',
      pair: '🙂',
      literal: '\\u0000',
      list: ['\ufffd'],
    });
  });
});

describe('names in SQL', () => {
  it('are quoted when they are plain and refused when they are not', () => {
    expect(quoted('auth.bindings')).toBe('"auth"."bindings"');
    for (const name of ['a"b', 'A', 'a;b', '', 'a.']) expect(() => quoted(name)).toThrow(TypeError);
  });
});
