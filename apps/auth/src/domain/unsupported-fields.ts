import { HarkError } from '@hark/kernel';

/** Refuses settings that would have no effect, naming their fields, instead of forgetting them. */
export function assertSupported(fields: Readonly<Record<string, unknown>>): void {
  const asked = Object.keys(fields).filter((field) => fields[field] !== undefined);
  if (asked.length === 0) return;
  throw new HarkError('refused', 'request.not-supported', 'the hub cannot do what these fields ask for', {
    errors: asked.map((path) => ({ path, message: 'has no effect on this hub yet: leave it out' })),
  });
}
