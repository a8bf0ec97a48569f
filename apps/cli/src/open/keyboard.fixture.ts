import type { CDPSession, Locator, Page } from 'playwright-core';
import { seen } from '../demo/wait';

/** Far more than any screen takes: who needs more is in a trap. */
const tabsMax = 200;

// In the page. What has the focus looks otherwise than without it, by itself or by what stands around it; what had it and went
// away leaves it to something else.
const noteFocus = `{
  const look = (element) => [element, element.nextElementSibling, element.parentElement]
    .map((one) => {
      if (one === null) return '';
      const { outlineStyle, outlineWidth, outlineColor, left } = getComputedStyle(one);
      return outlineStyle === 'none' ? left : [outlineStyle, outlineWidth, outlineColor, left].join(' ');
    })
    .join();
  let seen;
  addEventListener('focusin', ({ target }) => {
    seen = target.matches(':focus-visible') && look(target);
    window.hadFocus = true;
  });
  addEventListener('focusout', ({ target }) => {
    if (target.tabIndex >= 0 && target.isConnected && look(target) === seen) console.error('focus cannot be seen: ' + target.outerHTML);
  });
}`;
const isKept = 'document.activeElement !== document.body || !window.hadFocus';
/** As much of a browser's elements as the way to one takes. */
interface Element {
  readonly type?: string;
  readonly name?: string;
  readonly checked?: boolean;
  readonly tabIndex: number;
  compareDocumentPosition(other: Element): number;
  matches(selector: string): boolean;
  checkVisibility(options: { visibilityProperty: boolean }): boolean;
}
declare const document: {
  readonly activeElement: Element;
  readonly body: Element;
  querySelectorAll(selector: string): Iterable<Element>;
};

/** A key, and how often it is pressed before one looks where it led. */
interface Way {
  readonly key: 'there' | 'Tab' | 'Shift+Tab' | 'ArrowUp' | 'ArrowDown';
  readonly times: number;
}

/**
 * In the page: the key that leads from what has the focus to the element; `there` when it has it. How often is counted by what
 * looks as if it could have the focus on the way: no more than a guess, but keys that are pressed together cost one look.
 */
function wayTo(target: Element): Way {
  const follows = (one: Element, other: Element): boolean => (other.compareDocumentPosition(one) & 4) !== 0;
  const active = document.activeElement;
  if (active === target) return { key: 'there', times: 0 };
  // Where the next Tab leads from a page without a focus, only the browser knows.
  if (active === document.body) return { key: 'Tab', times: 1 };
  const isPast = follows(active, target);
  if (target.type === 'radio' && active.type === 'radio' && active.name === target.name)
    return { key: isPast ? 'ArrowUp' : 'ArrowDown', times: 1 };
  const [first, last] = isPast ? [target, active] : [active, target];
  const stops = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')].filter(
    (one) =>
      follows(one, first) &&
      follows(last, one) &&
      one.tabIndex >= 0 &&
      !one.matches(':disabled') &&
      (one.type !== 'radio' || one.checked) &&
      one.checkVisibility({ visibilityProperty: true }),
  );
  return { key: isPast ? 'Shift+Tab' : 'Tab', times: stops.length + 1 };
}

/** A person who has no more than a keyboard. What they cannot do, and a focus that is lost or cannot be seen, is an error in the console. */
export class Keyboard {
  private constructor(
    private readonly page: Page,
    private readonly debug: CDPSession,
  ) {}

  static async at(page: Page): Promise<Keyboard> {
    await page.context().addInitScript({ content: noteFocus });
    return new Keyboard(page, await page.context().newCDPSession(page));
  }

  /** Goes there, and does what one does with it: a radio button is chosen by arrows, and so by being there. */
  async press(target: Locator): Promise<void> {
    await this.reach(target);
    const type = await target.getAttribute('type');
    if (type === 'radio') {
      if (!(await target.isChecked())) await this.page.keyboard.press('Space');
    } else await this.page.keyboard.press(type === 'checkbox' ? 'Space' : 'Enter');
  }

  async fill(target: Locator, value: string): Promise<void> {
    await this.reach(target);
    await this.page.keyboard.press('Control+a');
    await this.page.keyboard.insertText(value);
  }

  /** Goes through the options of a select until the one that is wanted. */
  async choose(target: Locator, value: string): Promise<void> {
    await this.reach(target);
    await this.page.keyboard.press('Home');
    for (let options = await target.locator('option').count(); options > 0; options -= 1) {
      if ((await target.inputValue()) === value) return;
      await this.page.keyboard.press('ArrowDown');
    }
    throw new Error(`no option ${value}`);
  }

  async reach(target: Locator): Promise<void> {
    await target.waitFor({ state: 'attached' });
    await seen(
      `a focus on the way to ${String(target)}`,
      async () => (await this.page.evaluate<boolean>(isKept)) || undefined,
    );
    let before: Way['key'] | undefined;
    for (let pressed = 0; pressed < tabsMax;) {
      const { key, times } = await target.evaluate(wayTo as (target: unknown) => Way);
      if (key === 'there') return;
      // Who has gone too far goes back step by step.
      const now = before === undefined || before === key ? times : 1;
      if (key === 'Tab' || key === 'Shift+Tab') await this.tab(now, key === 'Shift+Tab');
      else await this.page.keyboard.press(key);
      before = key;
      pressed += now;
    }
    throw new Error(`no way by keyboard to ${String(target)}`);
  }

  /** Presses Tab so often, without waiting in between: the browser takes keys in their order. */
  private async tab(times: number, isBack: boolean): Promise<void> {
    const tab = { key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9, modifiers: isBack ? 8 : 0 };
    const keys = Array.from({ length: times }, () => ['rawKeyDown', 'keyUp'] as const).flat();
    await Promise.all(keys.map((type) => this.debug.send('Input.dispatchKeyEvent', { type, ...tab })));
  }
}
