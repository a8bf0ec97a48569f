import { asShown, payloadBytes } from './apns';
import { goText, type PushSource, readParameters } from './bark-parameters';

const read = (source: Partial<PushSource> & { json?: unknown }) =>
  readParameters({
    mediaType: source.json === undefined ? 'application/x-www-form-urlencoded' : 'application/json',
    contentType: '',
    body: source.json === undefined ? '' : JSON.stringify(source.json),
    query: new URLSearchParams(),
    path: {},
    ...source,
  });

describe('parameters of a push', () => {
  const query = new URLSearchParams({ title: 'query', body: 'query' });

  it('with a JSON body: JSON below query below path', () =>
    expect(read({ json: { id: 'json', title: 'json', body: 'json' }, query, path: { body: 'path' } })).toMatchObject({
      id: 'json',
      title: 'query',
      body: 'path',
    }));

  it('without: query below form below path', () =>
    expect(read({ body: 'title=form&subtitle=form', query, path: { subtitle: 'path' } })).toMatchObject({
      body: 'query',
      title: 'form',
      subtitle: 'path',
    }));

  it('reads multipart forms', () => {
    const part = (name: string, value: string) =>
      `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    const body = `${part('title', '工单')}${part('body', 'a\r\nb')}--x--\r\n`;
    const read2 = read({ mediaType: 'multipart/form-data', contentType: 'multipart/form-data; boundary=x', body });
    expect(read2).toMatchObject({ title: '工单', body: 'a\r\nb' });
  });

  it('lowers names, moves what is no text out of the known fields, flattens one level, writes values as Go does', () =>
    expect(
      read({ json: { Title: 5, autoCopy: '1', ttl: 2_592_000, data: { Deep: true, group: 'g' } } }).params,
    ).toEqual({
      title: '5',
      autocopy: '1',
      ttl: '2.592e+06',
      deep: 'true',
      group: 'g',
    }));

  it.each([
    [0, '0'],
    [-3, '-3'],
    [999_999, '999999'],
    [1_000_000, '1e+06'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [null, '<nil>'],
    [[1, 'a'], '[1 a]'],
    [{ b: 1, a: false }, 'map[a:false b:1]'],
  ])('%j becomes %s', (value, printed) => expect(goText(value)).toBe(printed));

  it.each([
    ['not json', '{nope'],
    ['a list', '[]'],
    ['nothing', ''],
  ])('refuses a JSON body that is %s', (_, body) =>
    expect(() => read({ mediaType: 'application/json', body })).toThrow(/^request bind failed: /),
  );

  it('panics on a group that is no text', () => expect(() => read({ json: { group: 1 } })).toThrow(/interface/));

  it('keeps a field named __proto__ like any other', () =>
    expect(Object.keys(read({ mediaType: 'application/json', body: '{"__proto__":"x"}' }).params)).toEqual([
      '__proto__',
    ]));
});

it('measures the payload in bytes, and < > & as Go escapes them', () => {
  const bytes = (body: string) => payloadBytes(asShown({ body, params: {} }));
  expect(bytes('aa') - bytes('a')).toBe(1);
  expect(bytes('字a') - bytes('a')).toBe(3);
  expect(bytes('<a') - bytes('a')).toBe(6);
});
