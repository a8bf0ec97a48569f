import { z } from 'zod';
import { slipsBetween } from '@hark/kernel';

/** How many names one answer lists; no request has as many fields. */
const listedMax = 30;
/** Longer names are not compared, so no guess is made. */
const comparedCharsMax = 40;
/** How many letters may be wrong, missing, extra or swapped for a guess. */
const slipsMax = 2;

/** What other hubs and languages call the field, by our name for it. */
const calledElsewhere: Readonly<Record<string, readonly string[]>> = {
  body: ['message', 'content', 'text', 'msg', 'desp', 'description', 'payload'],
  title: ['subject', 'headline'],
  url: ['click', 'link', 'href'],
  icon: ['logo', 'avatar'],
  image: ['picture', 'attach', 'img'],
  priority: ['level', 'severity', 'urgency'],
  thread: ['group', 'threadId'],
  sendAt: ['delay', 'at', 'in', 'scheduledAt', 'schedule'],
  expiresAt: ['ttl', 'expire', 'expires'],
  openid: ['to', 'user', 'uid', 'recipient', 'device_key'],
  summary: ['short', 'subtitle'],
};

/**
 * The text about a field that the schema does not have at `path`: which one was probably meant, and which there are.
 * `sent` is the object that it came in: what is in it already was not meant by another name.
 */
export function unknownFieldMessage(
  schema: z.ZodType,
  path: readonly PropertyKey[],
  name: string,
  sent: unknown,
): string {
  const known = [...new Set(namesAt(schema, path))];
  if (known.length === 0) return 'unknown field';
  const meant = nearest(name, known) ?? known.find((one) => calledElsewhere[one]?.includes(name) && !isIn(sent, one));
  const listed = known.slice(0, listedMax).join(', ');
  return meant === undefined
    ? `unknown field; known are ${listed}`
    : `unknown field; did you mean ${meant}? Known are ${listed}`;
}

/** Whether the schema's object has a field of that name, or other hubs have one of that name for its text. */
export const meansAField = (schema: z.ZodType, name: string): boolean =>
  namesAt(schema, []).includes(name) || calledElsewhere.body!.includes(name);

const isIn = (sent: unknown, name: string): boolean =>
  typeof sent === 'object' && sent !== null && Object.hasOwn(sent, name);

/** The names that an object at `path` may have, in any of the shapes that the schema allows there. */
function namesAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const { def } = (schema as z.ZodType)._zod as { def: z.core.$ZodTypeDef };
  switch (def.type) {
    case 'object': {
      const { shape } = def as z.core.$ZodObjectDef;
      const [first, ...rest] = path;
      if (first === undefined) return Object.keys(shape);
      return Object.hasOwn(shape, first) ? namesAt(shape[first as string]!, rest) : [];
    }
    case 'array':
      return path.length === 0 ? [] : namesAt((def as z.core.$ZodArrayDef).element, path.slice(1));
    case 'union':
      return (def as z.core.$ZodUnionDef).options.flatMap((option) => namesAt(option, path));
    case 'optional':
    case 'nullable':
    case 'default':
      return namesAt((def as z.core.$ZodOptionalDef).innerType, path);
    case 'pipe':
      return namesAt((def as z.core.$ZodPipeDef).in, path);
    default:
      return [];
  }
}

function nearest(name: string, known: readonly string[]): string | undefined {
  if (name.length > comparedCharsMax) return undefined;
  const slips = known.map((one) => [one, slipsBetween(name.toLowerCase(), one.toLowerCase())] as const);
  const [best] = slips.sort(([, left], [, right]) => left - right);
  // In a short name two wrong letters make another name.
  return best && best[1] <= Math.min(slipsMax, Math.floor(best[0].length / 2)) ? best[0] : undefined;
}
