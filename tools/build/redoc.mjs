// What is changed in Redoc's bundle (bundles/redoc.standalone.js of the package) while the console is built, as it has no
// settings for it. Each text stands there as often as is said, or the build fails: a new version has to be looked at.

const logo = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" width="48" height="16"><text x="0" y="12" font-family="sans-serif" font-size="12" fill="gray">Redoc</text></svg>',
)}`;

const changes = [
  // Its logo, from Redocly's own host.
  ['https://cdn.redoc.ly/redoc/logo-mini-full.svg', logo, 1],
  ['https://cdn.redoc.ly/redoc/logo-mini.svg', logo, 1],
  // Buttons that hand the page's address to ChatGPT and Claude.
  ['showPageActions:!0', 'showPageActions:!1', undefined],
  // Its words, which are English: those of apps/console/src/docs/redoc-words.ts where the page is Chinese.
  ['translate:(e,t)=>(', 'translate:(e,t)=>globalThis.harkRedocWords?.[e]||(', 1],
  // Those of its search that ask for no word of their own.
  ...[
    ['text', 'to navigate', 'search.keys.navigate'],
    ['text', 'to select', 'search.keys.select'],
    ['text', 'to exit', 'search.keys.exit'],
    ['placeholder', 'Search docs...', 'search.label'],
    ['children', 'Search endpoints, schemas, and more...', 'search.hint'],
    ['children', 'Searching...', 'search.searching'],
    ['children', 'No results', 'search.noResults'],
    ['children', 'Cancel', 'search.cancel'],
  ].map(([part, text, key]) => [
    `${part}:\`${text}\``,
    `${part}:globalThis.harkRedocWords?.[\`${key}\`]||\`${text}\``,
    1,
  ]),
];

/** Changes Redoc as it is bundled. */
export const redocPlugin = {
  name: 'hark-redoc',
  transform: {
    filter: { id: /redoc\.standalone\.js$/ },
    handler(code) {
      for (const [text, instead, times] of changes) {
        const found = code.split(text).length - 1;
        if (times === undefined ? found === 0 : found !== times)
          throw new Error(`Redoc has '${text}' ${found} times (tools/build/redoc.mjs)`);
        code = code.replaceAll(text, instead);
      }
      return { code, map: null };
    },
  },
};
