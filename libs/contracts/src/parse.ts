import { z } from 'zod';
import { cutToLength, FieldError, HarkError } from '@hark/kernel';
import { fieldMessage } from './field-message';
import { unknownFieldMessage } from './known-fields';

/** The most field errors that one answer names. */
const fieldErrorsMax = 20;

/**
 * The input as the schema describes it, or `invalid` `request.invalid` naming every wrong field, unknown ones too.
 * Schemas are strict objects, so a field outside the contract is refused and never stored.
 */
export function parse<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input, { reportInput: true });
  if (result.success) return result.data;
  throw new HarkError('invalid', 'request.invalid', 'the request does not fit its contract', {
    errors: result.error.issues.flatMap((issue) => fieldErrors(schema, issue)).slice(0, fieldErrorsMax),
  });
}

function fieldErrors(schema: z.ZodType, issue: z.core.$ZodIssue, at: readonly PropertyKey[] = []): FieldError[] {
  const path = [...at, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys
      .slice(0, fieldErrorsMax)
      .map((key) => ({ path: pathOf([...path, key]), message: unknownFieldMessage(schema, path, key, issue.input) }));
  }
  const choices = issue.code === 'invalid_union' ? commonChoices(issue) : undefined;
  if (choices) return [{ path: pathOf([...path, ...choices.path]), message: fieldMessage(choices) }];
  // Of several shapes the one with the fewest misfits was probably meant: report its misfits.
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const nearest = issue.errors.reduce((best, one) => (one.length < best.length ? one : best));
    return nearest.slice(0, fieldErrorsMax).flatMap((inner) => fieldErrors(schema, inner, path));
  }
  return [{ path: pathOf(path), message: fieldMessage(issue) }];
}

/**
 * The field that tells the shapes apart, where what it holds is of none of them: with what it may be in all of them, or the
 * reader would take those of one shape for all there are.
 */
function commonChoices({ errors }: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssueInvalidValue | undefined {
  const [first = [], ...others] = errors;
  for (const issue of first) {
    if (issue.code !== 'invalid_value') continue;
    const same = others.map((one) => one.find((other) => other.code === issue.code && sameField(other, issue)));
    const found = same.filter((other) => other?.code === 'invalid_value');
    if (found.length < others.length) continue;
    return { ...issue, values: [...new Set([issue, ...found].flatMap(({ values }) => values))] };
  }
  return undefined;
}

const sameField = (one: z.core.$ZodIssue, other: z.core.$ZodIssue): boolean =>
  one.path.join('.') === other.path.join('.');

/** At most this many characters of a client's own key are echoed. */
const pathPartMax = 64;
const pathOf = (path: readonly PropertyKey[]): string =>
  path.map((part) => cutToLength(String(part), pathPartMax)).join('.') || '$';
