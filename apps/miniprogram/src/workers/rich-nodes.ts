import type { MarkedToken, Token, Tokens } from '#console-inbox/markdown-tokens';
import { isPictureAddress } from '#console-inbox/picture-address';

/** What WeChat's `rich-text` draws: elements that it trusts, and texts, whose `&amp;` and the like it reads. */
export type RichNode =
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly name: string;
      readonly attrs?: Readonly<Record<string, string>>;
      readonly children?: readonly RichNode[];
    };

/** A message's text as a page shows it. */
export interface RichText {
  readonly nodes: readonly RichNode[];
  /** Where its links lead: nothing in a `rich-text` can be touched, so the page has them below. */
  readonly links: readonly string[];
  /** Whether there are pictures that could be asked for. */
  readonly hasPictures: boolean;
}

/** Where a link may lead, as in the console. Everything else stays text. */
const linkTarget = /^(https?:\/\/|mailto:)/i;
const linksMax = 20;

/** What was written, as a text that reads so. */
const written = (text: string): RichNode => ({ type: 'text', text: text.replace(/&/g, '&amp;') });
const element = (name: string, children: readonly RichNode[], styledAs?: string): RichNode => ({
  name,
  ...(styledAs !== undefined && { attrs: { class: styledAs } }),
  children,
});

/** Nodes of a markdown text's tokens. A remote picture is its description, with its address among the links, until `showsPictures`. */
export function richNodesOf(tokens: readonly Token[], showsPictures: boolean): Pick<RichText, 'nodes' | 'links'> {
  const links: string[] = [];
  const inside = (these: readonly Token[] = []): RichNode[] => these.flatMap((token) => one(token as MarkedToken));
  const link = (href: string, children: readonly RichNode[]): RichNode[] => {
    if (!links.includes(href) && links.length < linksMax) links.push(href);
    return [element('span', children, 'link')];
  };
  const cells = (name: 'th' | 'td', row: readonly Tokens.TableCell[]): RichNode =>
    element(
      'tr',
      row.map((cell) => element(name, inside(cell.tokens), 'cell')),
    );

  function one(token: MarkedToken): readonly RichNode[] {
    switch (token.type) {
      case 'space':
      case 'def':
        return [];
      case 'heading':
        // The page's own headings are the first two.
        return [element(`h${Math.min(token.depth + 2, 6)}`, inside(token.tokens), 'part strong')];
      case 'paragraph':
        return [element('p', inside(token.tokens), 'part')];
      case 'blockquote':
        return [element('blockquote', inside(token.tokens), 'part quote')];
      case 'list': {
        const items = token.items.map((item) => element('li', inside(item.tokens)));
        if (!token.ordered) return [element('ul', items, 'part list')];
        return [{ name: 'ol', attrs: { class: 'part list', start: String(token.start || 1) }, children: items }];
      }
      case 'checkbox':
        return [written(token.checked ? '☑ ' : '☐ ')];
      case 'code':
        return [element('pre', [written(token.text)], 'part code')];
      case 'codespan':
        return [element('code', [written(token.text)], 'code')];
      case 'table':
        return [
          element('table', [cells('th', token.header), ...token.rows.map((row) => cells('td', row))], 'part cells'),
        ];
      case 'hr':
      case 'br':
        return [{ name: token.type }];
      case 'strong':
      case 'em':
      case 'del':
        return [element(token.type, inside(token.tokens))];
      case 'link':
        return linkTarget.test(token.href) ? link(token.href, inside(token.tokens)) : [written(token.raw)];
      case 'image':
        if (!isPictureAddress(token.href)) return [written(token.raw)];
        if (showsPictures) return [{ name: 'img', attrs: { class: 'picture', src: token.href, alt: token.text } }];
        return link(token.href, [written(token.text || token.href)]);
      case 'text':
        return token.tokens ? inside(token.tokens) : [{ type: 'text', text: token.text }];
      case 'escape':
        return [written(token.text)];
      default:
        // HTML above all, and what lies too deep.
        return [written((token as Token).raw)];
    }
  }
  const nodes = inside(tokens);
  return { nodes, links };
}
