const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Safe as text and inside a quoted attribute. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character]!);

/** One thing said in both languages of the page. Both are plain text. */
export const both = (zh: string, en: string): string => `${escapeHtml(zh)} <span lang="en">${escapeHtml(en)}</span>`;
