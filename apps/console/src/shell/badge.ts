import icon from '../icon.svg?raw';

/** Shows on the tab's picture that something is unread. */
export function setBadge(unread: number): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  if (!link) return;
  link.dataset.plain ??= link.href;
  const href = unread > 0 ? `data:image/svg+xml,${encodeURIComponent(withDot(icon))}` : link.dataset.plain;
  if (link.getAttribute('href') !== href) link.href = href;
}

const withDot = (svg: string): string =>
  svg.replace('</svg>', '<circle cx="76%" cy="24%" r="22%" fill="#e03131" stroke="#fff" stroke-width="4%"/></svg>');
