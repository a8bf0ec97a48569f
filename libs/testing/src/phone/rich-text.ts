import type { Shown } from './shown';

/** What `rich-text` trusts (WeChat docs: rich-text); elements and attributes beside these are dropped by WeChat, and throw here. */
const elements =
  'a abbr b blockquote br code col colgroup dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i img ins li ol p pre q s span strong sub sup table tbody td tfoot th thead tr u ul'.split(
    ' ',
  );
const attributesOf: Readonly<Record<string, readonly string[] | undefined>> = {
  img: ['alt', 'src', 'width', 'height'],
  ol: ['start', 'type'],
  td: ['colspan', 'rowspan', 'width', 'height'],
  th: ['colspan', 'rowspan', 'width', 'height'],
};
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };

/** What stands on the screen of a `rich-text` with these nodes. */
export function richText(nodes: unknown): Shown[] {
  if (!Array.isArray(nodes)) throw new Error('rich-text wants a list of nodes');
  return nodes.map((node: Readonly<Record<string, unknown>>): Shown => {
    if (node.type === 'text') return { tag: '', attributes: {}, children: [], text: decoded(String(node.text)) };
    const { name, attrs = {}, children = [] } = node;
    if (!elements.includes(String(name))) throw new Error(`rich-text does not draw <${String(name)}>`);
    for (const attribute of Object.keys(attrs as object))
      if (!['class', 'style', ...(attributesOf[String(name)] ?? [])].includes(attribute))
        throw new Error(`rich-text drops ${attribute} of <${String(name)}>`);
    return { tag: String(name), attributes: attrs as Shown['attributes'], children: richText(children), text: '' };
  });
}

const decoded = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|([a-z]{2,4}));/gi, (all, code: string | undefined, name = '') =>
    code === undefined ? (entities[String(name)] ?? all) : String.fromCodePoint(Number(code)),
  );
