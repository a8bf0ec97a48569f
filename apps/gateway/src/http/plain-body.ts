import { meansAField } from '@hark/contracts';
import { HarkError } from '@hark/kernel';
import { Route } from '../routes/route';

/** The most fields in a form or query; the longest push has far fewer. */
const fieldsMax = 100;

type Fields = Readonly<Record<string, unknown>>;

/** A body that is not JSON: a form, or a text. Only rows marked `plain` take it. */
export class PlainBody {
  /** `mayBeForm`: its type says so, which is also what curl says of every `-d`. */
  constructor(
    private readonly text: string,
    private readonly mayBeForm: boolean,
  ) {}

  /**
   * The fields of `title=hi&body=hello`; throws `request.invalid` for those that are not UTF-8. What names none of the
   * row's fields, such as `cpu=91%`, is a text: whoever typed it after curl's `-d` meant the message, and nothing of it is
   * lost by reading it as a form. A text loses the line end that an editor or `echo` put last.
   */
  fieldsFor({ body }: Route): Fields {
    const parts = this.mayBeForm
      ? this.text
          .trim()
          .split('&')
          .filter((part) => part !== '')
      : [];
    const isForm = parts.some((part) => part.includes('=') && meansAField(body!, nameIn(part)));
    if (!isForm) return { body: this.text.replace(/\r?\n$/, '') };
    if (parts.length > fieldsMax) throw invalid('$', `at most ${fieldsMax} fields, has ${parts.length}`);
    const pairs = parts.map((part) => [decoded(nameIn(part)), decoded(part.slice(nameIn(part).length + 1))] as const);
    const named = Map.groupBy(pairs, ([name]) => name);
    return Object.fromEntries(
      [...named].map(([name, all]) => [
        name,
        one(
          name,
          all.map(([, value]) => value),
        ),
      ]),
    );
  }
}

/** What stands before the first `=`, as it was sent. */
const nameIn = (part: string): string => part.split('=', 1)[0]!;

/**
 * The body of a request to `row` in the form its schema wants, which has no field where the row has no body. A plain row
 * also takes forms, texts and query parameters, each field in one place only; other rows throw `request.content-type` for
 * them.
 */
export function bodyOf(row: Route, body: unknown, query: unknown): unknown {
  const plain = body instanceof PlainBody;
  if (plain && !row.plain) throw new HarkError('invalid', 'request.content-type', 'the body is no JSON');
  const sent = plain ? body.fieldsFor(row) : body === undefined ? {} : body;
  if (!row.plain) return sent;
  const asked = Object.entries(query as Fields).map(
    ([name, value]) => [name, Array.isArray(value) ? one(name, value as string[]) : listed(name, value)] as const,
  );
  if (asked.length === 0) return sent;
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) return sent;
  for (const [name] of asked) if (Object.hasOwn(sent, name)) throw invalid(name, 'is named twice');
  return Object.fromEntries([...Object.entries(sent), ...asked]);
}

/** The only field that is a list. Each item may be a parameter of its own. */
const list = 'tags';

function one(name: string, values: readonly string[]): unknown {
  if (name === list) return values.flatMap((value) => value.split(','));
  if (values.length > 1) throw invalid(name, 'is named twice');
  return values[0];
}

const listed = (name: string, value: unknown): unknown =>
  name === list && typeof value === 'string' ? value.split(',') : value;

/** A `%` that begins no byte stands for itself, as browsers read it (WHATWG URL 5.1): `50% full` is what was meant. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' ').replace(/%(?![\da-f]{2})/gi, '%25'));
  } catch {
    throw invalid('$', 'must be percent-encoded UTF-8');
  }
}

const shownCharsMax = 64;
const invalid = (path: string, message: string) =>
  new HarkError('invalid', 'request.invalid', 'the form is not readable', {
    errors: [{ path: path.slice(0, shownCharsMax), message }],
  });
