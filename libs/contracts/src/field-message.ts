import { z } from 'zod';

/** What a value should have been, by zod's name for it. */
const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  date: 'a time',
};

/**
 * The text of an issue for whoever sent the field: what is needed and, for lengths, what came. Never the value itself.
 */
export function fieldMessage(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is needed';
      if (!issue.message.startsWith('Invalid')) return issue.message;
      return `must be ${kinds[issue.expected] ?? 'of another kind'}`;
    case 'too_big':
      return `at most ${amount(issue.origin, issue.maximum)}${has(issue.input)}`;
    case 'too_small':
      if (issue.origin === 'string' && Number(issue.minimum) === 1) return 'must not be empty';
      return `at least ${amount(issue.origin, issue.minimum)}${has(issue.input)}`;
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
    case 'invalid_format':
      if (!issue.message.startsWith('Invalid')) return issue.message;
      return issue.format === 'datetime' ? 'must be a time such as 2026-12-01T09:00:00Z' : 'has the wrong form';
    case 'not_multiple_of':
      return 'must be a whole number';
    case 'invalid_union':
      return 'fits none of the forms it may have';
    case 'custom':
      return issue.message;
    default:
      return 'is not valid';
  }
}

const grouped = (number: number | bigint): string => String(number).replace(/\B(?=(\d{3})+$)/g, ' ');

function amount(origin: string, bound: number | bigint): string {
  const isOne = Number(bound) === 1;
  if (origin === 'string') return `${grouped(bound)} ${isOne ? 'character' : 'characters'}`;
  if (origin === 'array' || origin === 'set') return `${grouped(bound)} ${isOne ? 'entry' : 'entries'}`;
  return grouped(bound);
}

function has(input: unknown): string {
  return typeof input === 'string' || Array.isArray(input) ? `, has ${grouped([...input].length)}` : '';
}
