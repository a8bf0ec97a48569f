import { Anchor, Code, Image, Skeleton, Table, Text, Title } from '@mantine/core';
import type { MarkedToken, Token, Tokens } from 'marked';
import { Fragment, type ReactNode } from 'react';
import { useTexts } from '../texts/use-texts';
import type { Formatted } from './markdown-tokens';
import { isPictureAddress } from './picture-address';

/** Where a link may lead. Everything else stays text. */
const linkTarget = /^(https?:\/\/|mailto:)/i;

/**
 * A message's markdown, as `useFormat` read it. What it says becomes elements and texts, never HTML: a tag is shown as it was
 * written. A remote picture is its description with a link until `showsPictures`.
 */
export function Markdown({
  text,
  format,
  showsPictures,
}: {
  text: string;
  format: Formatted | 'none' | undefined;
  showsPictures: boolean;
}) {
  const { t } = useTexts();
  if (format === undefined) return <Skeleton height={64} aria-label={t.loading} role="status" />;
  if (format === 'none') return <Text className="words">{text}</Text>;
  return (
    <div className="markdown" dir="auto">
      {rendered(format.tokens, showsPictures)}
    </div>
  );
}

function rendered(tokens: readonly Token[] = [], showsPictures: boolean): ReactNode {
  return tokens.map((token, at) => <Fragment key={at}>{one(token as MarkedToken, showsPictures)}</Fragment>);
}

function one(token: MarkedToken, showsPictures: boolean): ReactNode {
  const inside = (tokens?: readonly Token[]) => rendered(tokens, showsPictures);
  switch (token.type) {
    case 'space':
    case 'def':
      return null;
    case 'heading':
      // The screen's own headings are the first two.
      return (
        <Title order={Math.min(token.depth + 2, 6) as 3} size="h5">
          {inside(token.tokens)}
        </Title>
      );
    case 'paragraph':
      return <p>{inside(token.tokens)}</p>;
    case 'blockquote':
      return <blockquote>{inside(token.tokens)}</blockquote>;
    case 'list': {
      const List = token.ordered ? 'ol' : 'ul';
      return (
        <List {...(token.ordered && typeof token.start === 'number' && { start: token.start })}>
          {token.items.map((item, at) => (
            <li key={at}>{inside(item.tokens)}</li>
          ))}
        </List>
      );
    }
    case 'checkbox':
      return token.checked ? '☑ ' : '☐ ';
    case 'code':
      return (
        <Code block tabIndex={0}>
          {token.text}
        </Code>
      );
    case 'codespan':
      return <Code>{token.text}</Code>;
    case 'table':
      return <Cells table={token} inside={inside} />;
    case 'hr':
      return <hr />;
    case 'br':
      return <br />;
    case 'strong':
      return <strong>{inside(token.tokens)}</strong>;
    case 'em':
      return <em>{inside(token.tokens)}</em>;
    case 'del':
      return <del>{inside(token.tokens)}</del>;
    case 'link':
      return linkTarget.test(token.href) ? <Away href={token.href}>{inside(token.tokens)}</Away> : token.raw;
    case 'image':
      if (!isPictureAddress(token.href)) return token.raw;
      if (showsPictures) return <Picture src={token.href} alt={token.text} />;
      return <Away href={token.href}>{token.text || token.href}</Away>;
    case 'text':
      return token.tokens ? inside(token.tokens) : decoded(token.text);
    case 'escape':
      return token.text;
    default:
      // HTML above all, and what lies too deep.
      return token.raw;
  }
}

function Cells({ table: { header, rows }, inside }: { table: Tokens.Table; inside: (tokens: Token[]) => ReactNode }) {
  return (
    <Table.ScrollContainer minWidth={0}>
      <Table withTableBorder withColumnBorders>
        <Table.Thead>
          <Table.Tr>
            {header.map((cell, at) => (
              <Table.Th key={at}>{inside(cell.tokens)}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row, at) => (
            <Table.Tr key={at}>
              {row.map((cell, column) => (
                <Table.Td key={column}>{inside(cell.tokens)}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** A link to somewhere else, which learns nothing of where it stood; its colour alone would not tell it from the text around it. */
export function Away({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Anchor href={href} target="_blank" rel="noopener noreferrer" underline="always" className="words">
      {children}
    </Anchor>
  );
}

/** A picture from elsewhere that somebody asked for. */
export function Picture({ src, alt }: { src: string; alt: string }) {
  return <Image src={src} alt={alt} w="auto" maw="100%" mah={480} fit="contain" referrerPolicy="no-referrer" />;
}

/** `&amp;` and the like are characters in markdown; the lexer leaves them to HTML. */
function decoded(text: string): string {
  return text.replace(/&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});/gi, (entity) => {
    const area = document.createElement('textarea');
    area.innerHTML = entity;
    return area.value;
  });
}
