/** Where the focus was: what is around it, from the inside out, and the how manyth child of each led there. */
type Trail = readonly { readonly around: Element; readonly at: number }[];

const reachable =
  'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary';

/**
 * Who goes by keyboard stays where they are: when what has the focus goes away, or can be used no more, the focus goes to what
 * stands in its place, or next to it; a button that is busy gets it back. On a page that is new it is at the heading.
 */
export function keepFocus(): void {
  let focused: Element | undefined;
  let trail: Trail = [];
  let isByKeys = false;
  let pressedOn: Element | null = null;
  document.addEventListener('focusin', ({ target }) => {
    focused = target as Element;
    trail = trailOf(focused);
  });
  document.addEventListener('pointerdown', () => (isByKeys = false), true);
  document.addEventListener(
    'keydown',
    (event) => {
      isByKeys = true;
      if (!event.repeat) pressedOn = document.activeElement;
      // A key that is held down does not press what has come into the place of what it pressed.
      else if (document.activeElement !== pressedOn && (event.key === 'Enter' || event.key === ' '))
        event.preventDefault();
    },
    true,
  );
  const look = () => {
    if (focused === undefined || !isByKeys || !document.hasFocus()) return;
    // A button that can be used no more has the focus until the next frame.
    const { activeElement, body } = document;
    if (activeElement !== null && activeElement !== body && !activeElement.matches(':disabled')) return;
    // It is about to come: what was asked for, or what becomes of a press.
    if (document.querySelector('main [aria-busy="true"]') !== null) return;
    if (focused.isConnected && focused.matches('[data-loading]')) return;
    const next = focused.isConnected && !focused.matches(':disabled') ? focused : nearest(trail);
    (next as HTMLElement | null)?.focus();
  };
  new MutationObserver(look).observe(document.body, {
    subtree: true,
    childList: true,
    attributeFilter: ['disabled', 'aria-busy', 'data-loading'],
  });
}

/** Marks what one came back to: it keeps the focus when its page comes. */
export const cameBack = 'data-came-back';

/** To the heading of a page that one came to, for those who hear it, and for the next press of Tab. */
export function focusHeading(): void {
  if (!document.activeElement?.hasAttribute(cameBack))
    document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
}

function trailOf(element: Element): Trail {
  const trail: { around: Element; at: number }[] = [];
  for (let one = element; one.parentElement !== null; one = one.parentElement)
    trail.push({ around: one.parentElement, at: [...one.parentElement.children].indexOf(one) });
  return trail;
}

/** What can be reached and stands nearest to where the trail began; the page's heading where all of the page is new. */
function nearest(trail: Trail): Element | null {
  for (const { around, at } of trail) {
    if (around.matches('main, body')) break;
    if (!around.isConnected) continue;
    const children = [...around.children];
    for (const child of [...children.slice(at), ...children.slice(0, at).reverse()]) {
      const found = child.matches(reachable) ? child : child.querySelector(reachable);
      if (found !== null) return found;
    }
  }
  return document.querySelector('h1');
}
