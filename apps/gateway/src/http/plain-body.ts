import { HarkError } from '@hark/kernel';
import { Route } from '../routes/route';

/** The most fields in a form or query; the longest push has far fewer. */
const fieldsMax = 100;

type Fields = Readonly<Record<string, unknown>>;

/** A body that is not JSON: the fields of a form, or a text. Only rows marked `plain` take it. */
export class PlainBody {
  private constructor(readonly fields: Fields) {}

  /** Reads `title=hi&body=hello`; throws `request.invalid` for what is not a form in UTF-8. */
  static ofForm(text: string): PlainBody {
    const parts = text.split('&').filter((part) => part !== '');
    if (parts.length > fieldsMax) throw invalid('$', `at most ${fieldsMax} fields, has ${parts.length}`);
    const pairs = parts.map((part): [string, string] => {
      const at = part.indexOf('=');
      return [decoded(at < 0 ? part : part.slice(0, at)), decoded(at < 0 ? '' : part.slice(at + 1))];
    });
    const named = Map.groupBy(pairs, ([name]) => name);
    return new PlainBody(
      Object.fromEntries(
        [...named].map(([name, all]) => [
          name,
          one(
            name,
            all.map(([, value]) => value),
          ),
        ]),
      ),
    );
  }

  /** The text is the message, without the line end that an editor or `echo` put last. */
  static ofText(text: string): PlainBody {
    return new PlainBody({ body: text.replace(/\r?\n$/, '') });
  }
}

/**
 * The body of a request to `row` in the form its schema wants. A plain row also takes forms, texts and query
 * parameters, each field in one place only; other rows throw `request.content-type` for them.
 */
export function bodyOf(row: Route, body: unknown, query: unknown): unknown {
  if (!row.body) return {};
  const plain = body instanceof PlainBody;
  if (plain && !row.plain) throw new HarkError('invalid', 'request.content-type', 'the body is no JSON');
  const sent = plain ? body.fields : body === undefined ? {} : body;
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

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw invalid('$', 'must be percent-encoded UTF-8');
  }
}

const shownCharsMax = 64;
const invalid = (path: string, message: string) =>
  new HarkError('invalid', 'request.invalid', 'the form is not readable', {
    errors: [{ path: path.slice(0, shownCharsMax), message }],
  });
