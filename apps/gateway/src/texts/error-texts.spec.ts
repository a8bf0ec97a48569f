import { errorTexts } from './error-texts';

// That no code is without a text is the compiler's to say.
describe('what is told of an error', () => {
  it.each(Object.entries(errorTexts))(
    '%s has a status and says in both languages what to do',
    (_, { status, en, zh }) => {
      expect([400, 401, 403, 404, 405, 408, 409, 410, 413, 415, 417, 422, 429, 431, 500, 501, 503]).toContain(status);
      for (const text of [...en, ...zh]) expect(text).toMatch(/\S/);
      for (const text of zh) expect(text).toMatch(/\p{Script=Han}/u);
      const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
      expect(holes(zh[1])).toEqual(holes(en[1]));
    },
  );
});
