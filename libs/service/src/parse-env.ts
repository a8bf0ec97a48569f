import { z } from 'zod';
import { HarkError, parseServerUrl } from '@hark/kernel';

/**
 * Reads settings from the environment by a zod shape, once, at start. An empty variable counts as unset. Throws `invalid`
 * `config.invalid` that names every wrong variable with the reason, and never shows a value: it may be a secret.
 */
export function parseEnv<S extends z.ZodRawShape>(shape: S, env: NodeJS.ProcessEnv): z.output<z.ZodObject<S>> {
  const set = Object.fromEntries(Object.keys(shape).flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
  const result = z.object(shape).safeParse(set);
  if (result.success) return result.data;
  const errors = result.error.issues.map(({ path, message }) => {
    const name = String(path[0]);
    return { path: name, message: name in set ? message : 'is not set' };
  });
  const reasons = errors.map(({ path, message }) => `${path} ${message}`).join('; ');
  throw new HarkError('invalid', 'config.invalid', `wrong settings: ${reasons}`, { errors });
}

const portMax = 65_535;

const readBy = (read: (text: string) => unknown) =>
  z.string().superRefine((text, context) => {
    try {
      read(text);
    } catch (error) {
      if (!(error instanceof HarkError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
    }
  });

/** Schemas for settings that several parts have. */
export const setting = {
  /** An address with one of these schemes that `parseServerUrl` reads, so that whoever connects to it can. */
  url: (...schemes: string[]) =>
    readBy((text) => {
      const expected = schemes.map((scheme) => `${scheme}://`);
      if (!expected.some((start) => text.toLowerCase().startsWith(start)))
        throw new HarkError('invalid', 'config.invalid', `must begin with ${expected.join(' or ')}`);
      parseServerUrl(text);
    }),
  /** A text that `read` takes; what it throws tells what is wrong and must show none of it. */
  readBy,
  /** A port; 0 takes a free one. */
  port: () =>
    z
      .string()
      .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= portMax, { error: 'must be a port number' })
      .transform(Number),
  /** How many a second; 0 for no limit. */
  perSecond: () =>
    z
      .string()
      .refine((text) => /^\d{1,6}$/.test(text), { error: 'must be a number per second; 0 for no limit' })
      .transform(Number),
  /** 32 bytes in base64. */
  key: () =>
    z
      .string()
      .refine((text) => /^[A-Za-z0-9+/]{43}=$/.test(text), { error: 'must be 32 bytes in base64' })
      .transform((text) => Buffer.from(text, 'base64')),
};
