import type { Locator, Page } from 'playwright-core';
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
  compareDocumentPosition(other: Element): number;
}
declare const document: { readonly activeElement: Element; readonly body: Element };

/** In the page: the key that leads from what has the focus to the element; `there` when it has it. */
function wayTo(target: Element): string {
  const active = document.activeElement;
  if (active === target) return 'there';
  const isPast = active !== document.body && (target.compareDocumentPosition(active) & 4) !== 0;
  if (target.type === 'radio' && active.type === 'radio' && active.name === target.name)
    return isPast ? 'ArrowUp' : 'ArrowDown';
  return isPast ? 'Shift+Tab' : 'Tab';
}

/** A person who has no more than a keyboard. What they cannot do, and a focus that is lost or cannot be seen, is an error in the console. */
export class Keyboard {
  private constructor(private readonly page: Page) {}

  static async at(page: Page): Promise<Keyboard> {
    await page.context().addInitScript({ content: noteFocus });
    return new Keyboard(page);
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
    for (let tabs = 0; tabs < tabsMax; tabs += 1) {
      const key = await target.evaluate(wayTo as (target: unknown) => string);
      if (key === 'there') return;
      await this.page.keyboard.press(key);
    }
    throw new Error(`no way by keyboard to ${String(target)}`);
  }
}
