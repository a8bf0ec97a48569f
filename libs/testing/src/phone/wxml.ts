import { richText } from './rich-text';
import type { Shown } from './shown';

export type { Shown } from './shown';

/** An element of a WXML file, or a text (`tag` is empty). */
export interface Element {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
}

type Data = Readonly<Record<string, unknown>>;

/** The components that our programs are made of (WeChat docs: components). What is not here is a slip of the pen. */
const tags =
  'view text rich-text image button input textarea switch radio radio-group checkbox checkbox-group label picker block template import'.split(
    ' ',
  );
const attribute =
  /^(class|style|value|checked|disabled|loading|placeholder|type|mode|range|start|end|maxlength|open-type|focus|password|confirm-type|space|user-select|aria-[a-z]+|data-[a-z-]+|(bind|catch):[a-z]+|wx:(if|elif|else|for|for-item|for-index|key)|is|data|name|src|nodes|hover-class|color)$/;

/** Reads WXML. Throws where it is not well-formed, or uses what WeChat does not have. */
export function readWxml(source: string, file: string): readonly Element[] {
  const open: { tag: string; attributes: Record<string, string>; children: Element[] }[] = [
    { tag: '', attributes: {}, children: [] },
  ];
  const token = /<!--[^]*?-->|<\/([\w-]+)>|<([\w-]+)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*(\/?)>|[^<]+|</g;
  for (const [all, closed, opened, attributes = '', alone] of source.matchAll(token)) {
    const inner = open.at(-1)!;
    const wrong = (what: string): never => {
      throw new Error(`${file}: ${what} at ${all}`);
    };
    if (all.startsWith('<!--')) continue;
    if (closed !== undefined) {
      if (inner.tag !== closed) wrong(`</${inner.tag}> is missing`);
      const { tag, attributes: own, children } = open.pop()!;
      open.at(-1)!.children.push({ tag, attributes: own, children, text: '' });
    } else if (opened !== undefined) {
      if (!tags.includes(opened)) wrong('no component of this name');
      const own = Object.fromEntries(
        [...attributes.matchAll(/([\w:-]+)(?:="([^"]*)")?/g)].map(([, name, value = '']) => [name!, value]),
      );
      for (const [name, value] of Object.entries(own)) {
        if (!attribute.test(name)) wrong(`no attribute ${name}`);
        for (const [, expression] of value.matchAll(braces)) checkExpression(expression!, wrong);
      }
      if (alone === '/') inner.children.push({ tag: opened, attributes: own, children: [], text: '' });
      else open.push({ tag: opened, attributes: own, children: [] });
    } else {
      if (all === '<') wrong('a tag that does not end');
      for (const [, expression] of all.matchAll(braces)) checkExpression(expression!, wrong);
      if (all.trim() !== '') inner.children.push({ tag: '', attributes: {}, children: [], text: all });
    }
  }
  if (open.length !== 1) throw new Error(`${file}: <${open.at(-1)!.tag}> does not end`);
  return open[0]!.children;
}

const braces = /\{\{([^]*?)\}\}/g;

/** WXML knows values, members, arithmetic, comparison and `?:` (WeChat docs: WXML, data binding): no calls, no newer syntax. */
function checkExpression(expression: string, wrong: (what: string) => never): void {
  const bare = expression.replace(/'[^']*'/g, "''");
  if (/[\w)\]]\s*\(|\?\.|\?\?|`|=>|\bnew\b|[^=!<>]=[^=]/.test(bare)) wrong(`{{${expression}}} is more than WXML can`);
}

/** The screen that `elements` make of `data`. Throws for a name that the data does not have. */
export function showWxml(
  elements: readonly Element[],
  data: Data,
  templates: ReadonlyMap<string, readonly Element[]>,
): Shown[] {
  const shown: Shown[] = [];
  let taken = false;
  for (const element of elements) {
    const { 'wx:for': list, 'wx:if': when, 'wx:elif': elseWhen, ...rest } = element.attributes;
    const isElse = 'wx:else' in rest;
    if (when !== undefined) taken = Boolean(valueOf(when, data));
    else if (elseWhen !== undefined || isElse) {
      if (taken) continue;
      taken = isElse || Boolean(valueOf(elseWhen!, data));
    } else if (element.tag !== '') taken = true;
    if (element.tag !== '' && !taken) continue;
    if (list === undefined) shown.push(...showOne(element, data, templates));
    else {
      const items = valueOf(list, data);
      if (!Array.isArray(items)) throw new Error(`wx:for wants a list: ${list}`);
      if (!('wx:key' in rest)) throw new Error(`wx:for without wx:key: ${list}`);
      const [item, index] = [rest['wx:for-item'] ?? 'item', rest['wx:for-index'] ?? 'index'];
      items.forEach((value: unknown, at) =>
        shown.push(...showOne(element, { ...data, [item]: value, [index]: at }, templates)),
      );
    }
  }
  return shown;
}

function showOne(element: Element, data: Data, templates: ReadonlyMap<string, readonly Element[]>): Shown[] {
  const { tag, attributes, children, text } = element;
  if (tag === '') return [{ tag: '', attributes: {}, children: [], text: String(valueOf(text, data)) }];
  if (tag === 'import' || (tag === 'template' && 'name' in attributes)) return [];
  if (tag === 'template') {
    const template = templates.get(String(valueOf(attributes.is ?? '', data)));
    if (!template) throw new Error(`no template ${attributes.is}`);
    const [, given] = /^\{\{([^]*)\}\}$/.exec(attributes.data ?? '{{}}') ?? [];
    return showWxml(template, evaluate(`({${given ?? ''}})`, data) as Data, templates);
  }
  if (tag === 'block') return showWxml(children, data, templates);
  const values = Object.fromEntries(
    Object.entries(attributes)
      .filter(([name]) => !name.startsWith('wx:'))
      .map(([name, value]) => [name, valueOf(value, data)]),
  );
  if (tag === 'rich-text') return [{ tag, attributes: {}, children: richText(values.nodes), text: '' }];
  return [{ tag, attributes: values, children: showWxml(children, data, templates), text: '' }];
}

/** A value that is one `{{…}}` keeps its kind; otherwise it is a text. */
function valueOf(source: string, data: Data): unknown {
  const [, alone] = /^\{\{([^{}]*)\}\}$/.exec(source.trim()) ?? [];
  if (alone !== undefined && source.trim() === source) return evaluate(`(${alone})`, data);
  return source.replace(braces, (_, expression: string) =>
    String((evaluate(`(${expression})`, data) as string | undefined) ?? ''),
  );
}

const programs = new Map<string, (data: Data) => unknown>();

function evaluate(expression: string, data: Data): unknown {
  let program = programs.get(expression);
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- WXML's expressions are those of the language, checked above
  programs.set(expression, (program ??= new Function('data', `with (data) return ${expression}`) as never));
  return program(data);
}

/** All that somebody reads of it, in order. */
export function wordsOf(shown: readonly Shown[]): string {
  return shown
    .map(({ tag, text, children, attributes }) =>
      (text === ''
        ? wordsOf(children) || (/^(input|textarea)$/.test(tag) ? wordOf(attributes.value) : '')
        : text
      ).trim(),
    )
    .filter((words) => words !== '')
    .join('\n');
}

const wordOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The elements that lead to the first one that `found` holds for, outermost first, itself last. */
export function pathTo(shown: readonly Shown[], found: (one: Shown) => boolean): readonly Shown[] | undefined {
  for (const one of shown) {
    const inner = pathTo(one.children, found);
    if (inner) return [one, ...inner];
    if (found(one)) return [one];
  }
  return undefined;
}
