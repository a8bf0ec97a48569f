let wanted = 0;
let plain: { readonly href: string; readonly svg: Promise<string> } | undefined;

/** Shows on the tab's picture that something is unread. */
export function setBadge(unread: number): void {
  wanted = unread;
  void draw().catch(() => undefined);
}

async function draw(): Promise<void> {
  const link = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  if (!link || (wanted === 0 && !plain)) return;
  const { href } = link;
  plain ??= { href, svg: fetch(href).then((response) => response.text()) };
  const svg = await plain.svg;
  link.href = wanted > 0 ? `data:image/svg+xml,${encodeURIComponent(withDot(svg))}` : plain.href;
}

const withDot = (svg: string): string =>
  svg.replace('</svg>', '<circle cx="76%" cy="24%" r="22%" fill="#e03131" stroke="#fff" stroke-width="4%"/></svg>');
