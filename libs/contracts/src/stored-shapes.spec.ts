import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { eventSchemas } from './event-schemas';

// One sample for each event type and version: `<type>.v1.json` with every field, `<type>.v1.least.json` without the
// optional ones. They are what stands in logs out there: add files, never change one.
const folder = join(__dirname, 'samples');
interface Sample {
  type: string;
  data: Record<string, unknown>;
}
const samples = readdirSync(folder).map((file) => {
  const sample = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Sample;
  return { file, ...sample };
});
const shapeOf = (type: string): Record<string, z.ZodType> => (eventSchemas[type] as z.ZodObject).shape;

describe('the events that are stored', () => {
  it.each(samples.map((sample) => [sample.file, sample] as const))('%s is still read, as it was', (file, sample) => {
    expect(file).toMatch(new RegExp(`^${sample.type}\\.v[1-9]\\d*(\\.least)?\\.json$`));
    expect(eventSchemas[sample.type]!.parse(sample.data)).toEqual(sample.data);
  });

  it.each(Object.keys(eventSchemas))('%s has a sample with every field, and one with as few as can be', (type) => {
    const fields = Object.entries(shapeOf(type));
    const required = fields.filter(([, field]) => !field.safeParse(undefined).success);
    const seen = samples.filter((sample) => sample.type === type);
    const named = new Set(seen.flatMap(({ data }) => Object.keys(data)));
    expect([...named].sort()).toEqual(fields.map(([name]) => name).sort());
    expect(seen.map(({ data }) => Object.keys(data).length)).toContain(required.length);
  });

  it.each(Object.keys(eventSchemas))(
    '%s is a category and a past verb, and refuses fields it does not have',
    (type) => {
      expect(type).toMatch(/^[a-z]+(_[a-z]+)*\.[a-z]+(-[a-z]+)*$/);
      const { data } = samples.find((sample) => sample.type === type)!;
      expect(eventSchemas[type]!.safeParse({ ...data, surplus: 1 }).success).toBe(false);
    },
  );

  it('hold no Date and nothing else that JSON cannot say', () => {
    for (const { type, data } of samples) {
      expect(JSON.parse(JSON.stringify(eventSchemas[type]!.parse(data)))).toEqual(data);
    }
  });
});
