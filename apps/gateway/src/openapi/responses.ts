import { replySchemas } from '@hark/contracts';
import { HarkError } from '@hark/kernel';
import { problemOf } from '../http/problem';
import { Changes, eventText } from '../live/event-stream';
import { Route } from '../routes/route';
import { errorTexts } from '../texts/error-texts';
import { exampleId, replyExamples } from './examples';
import { replyRefOf } from './json-schemas';

type Named = Readonly<Record<string, object>>;

const text = { type: 'string' };
const headerRef = (name: string): Named => ({ [name]: { $ref: `#/components/headers/${name}` } });

/** Headers of answers. */
export const headerComponents: Named = {
  'Hark-Position': {
    description:
      'Where the log stands after this write. A read that sends it back sees the write, or is answered 503. Absent when nothing was written.',
    schema: text,
  },
  'Idempotency-Replayed': {
    description: 'This is the answer that the same Idempotency-Key got before. Absent otherwise.',
    schema: { type: 'string', const: 'true' },
  },
  Location: { description: 'Where the thing made can be read.', schema: { type: 'string', format: 'uri-reference' } },
  RateLimit: { description: 'What is left: `"name";r=requests;t=seconds until it is full again`.', schema: text },
  'RateLimit-Policy': { description: 'The limit: `"name";q=requests;w=seconds`.', schema: text },
  'Retry-After': { description: 'Seconds to wait before the next try.', schema: { type: 'integer', minimum: 1 } },
  'WWW-Authenticate': { description: 'Always `Bearer`.', schema: { type: 'string', const: 'Bearer' } },
  'X-Request-Id': { description: 'The id of this request, to be named when asking about it.', schema: text },
};

/** Of every answer. */
const ofEvery: Named = { ...headerRef('X-Request-Id'), ...headerRef('RateLimit'), ...headerRef('RateLimit-Policy') };

const refusals: Readonly<Record<number, string>> = {
  400: 'The request cannot be read or does not fit its schema.',
  401: 'The session, key or secret is missing or does not count.',
  403: 'Whoever calls may not do this.',
  404: 'There is no such thing, or it is somebody else’s.',
  413: 'The body is too large.',
  415: 'The body is of a type or an encoding that is not taken.',
  422: 'It can be read and is not possible.',
  429: 'Too much at once.',
  503: 'Not possible at the moment; the outcome may not be known. Safe to repeat with the same Idempotency-Key.',
};
const waiting: readonly number[] = [429, 503];

/** The refusals that many calls share, by `Refusal<status>`. */
export const responseComponents: Named = {
  ...Object.fromEntries(Object.keys(refusals).map((status) => [`Refusal${status}`, refusal(Number(status))])),
  Refusal: { description: 'Any other refusal, by its code.', headers: ofEvery, content: problem('hark.internal') },
};

/** What a route answers, by status. */
export function responsesOf(row: Route): object {
  const refused = refusedStatuses(row).map((status) => [status, { $ref: `#/components/responses/Refusal${status}` }]);
  return {
    ...(Object.fromEntries(answersOf(row).map((answer) => [answer.status, success(answer)])) as object),
    ...(Object.fromEntries(refused) as object),
    default: { $ref: '#/components/responses/Refusal' },
  };
}

/** The row once for each status it may be answered with. */
export const answersOf = (row: Route): Route[] => [
  row,
  ...(row.instead ?? [])
    .filter(({ status }) => status !== row.status)
    .map(({ subject, status }) => ({ ...row, subject, status })),
];

function success(row: Route): object {
  const headers = {
    ...(row.method !== 'GET' && headerRef('Hark-Position')),
    ...(row.idempotent && headerRef('Idempotency-Replayed')),
    ...(row.location && headerRef('Location')),
    ...ofEvery,
  };
  const description = { 200: 'Done.', 201: 'Made.', 202: 'Taken.', 204: 'Done; there is no body.' }[row.status];
  if (row.status === 204) return { description, headers };
  if (typeof row.subject !== 'string') throw new TypeError('a route that answers a body has one subject');
  if (row.stream)
    return { description, headers, content: { 'text/event-stream': eventStream(row.subject, row.stream) } };
  const schema = replyRefOf(row.batch?.answer ?? replySchemas[row.subject]!);
  const type = row.text ? 'text/plain' : 'application/json';
  return { description, headers, content: { [type]: { schema, example: replyExamples[row.subject] } } };
}

/** The events of a stream as text: OpenAPI 3.1 has no words for them. */
function eventStream(subject: string, stream: NonNullable<Route['stream']>): object {
  const name = { inbox: 'InboxChange', pushes: 'PushChange' }[stream];
  const description = `Each event has the fields of \`#/components/schemas/${name}\`: \`event\`, its \`position\` as \`id\`, and \`data\` as JSON.`;
  const { changes } = replyExamples[subject] as Changes;
  return { schema: { type: 'string', description }, example: changes.map(eventText).join('') };
}

/** The refusals that can be told from the row; the rules of a service answer others too. */
function refusedStatuses(row: Route): number[] {
  return [
    400,
    ...(row.access === 'anyone' ? [] : [401, 403]),
    ...(row.path.includes(':') ? [404] : []),
    ...(row.body ? [413, 415] : []),
    ...(row.idempotent ? [422] : []),
    ...waiting,
  ];
}

function refusal(status: number): object {
  const codes = Object.entries(errorTexts).filter(([, told]) => told.status === status);
  const named = codes.map(([code]) => `\`${code}\``).join(', ');
  return {
    description: `${refusals[status]} The codes: ${named}.`,
    headers: {
      ...ofEvery,
      ...(waiting.includes(status) && headerRef('Retry-After')),
      ...(status === 401 && headerRef('WWW-Authenticate')),
    },
    content: problem(codes[0]![0] as HarkError['code']),
  };
}

function problem(code: HarkError['code']): object {
  const errors = [{ path: 'title', message: 'at most 200 characters, has 214' }];
  const error = new HarkError('invalid', code, '', {
    ...(code === 'request.invalid' && { errors }),
    ...(code === 'request.too-large' && { extra: { max: 65_536 } }),
  });
  const example = problemOf(error, exampleId(9), 'en');
  return { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' }, example } };
}
