// The page's first script, and a small one: while the screens are on their way it asks who is logged in, and then for what the
// first of them shows. It is not part of what they are loaded with: tools/build/console.mjs.
import { hasMessages, readAhead } from './api/read-ahead';
import { accessToken, findSession } from './api/session';
import { exactTimeText } from './shared/when-text';
import { chosenLanguage, loadTexts } from './texts/language';

const texts = loadTexts(chosenLanguage());
/** The script does not wait for the page, which may be on its way too. */
const page = new Promise<unknown>((resolve) => {
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', resolve, { once: true });
  else resolve(undefined);
});
const asked = findSession()
  .then(accessToken)
  .then(readAhead)
  .catch(() => undefined);
// How messages are shown comes beside the screens where there are some, and never in the way of a newcomer's first screen.
void asked.then(hasMessages).then((has) => (has ? import('./inbox/inbox-items') : undefined));
// A phone takes tens of milliseconds to be able to write times, and has nothing to do between what was asked and the screens.
void asked.then(() => exactTimeText(new Date(), chosenLanguage()));
void import('./main').then(async ({ show }) => {
  await Promise.all([texts, page]);
  await show(asked);
});
