/**
 * What the page runs: carries out its buttons, and brings in what arrived once a second without touching what is already
 * there, so that the place one reads at, a selection and a half-written field stay as they are.
 */
export const pageScript = `
'use strict';
const everyMs = 1000;

function sync(list, fresh) {
  const gone = new Map(Array.from(list.children, (child) => [child.id, child]));
  let at = list.firstElementChild;
  for (const next of Array.from(fresh.children)) {
    const same = gone.get(next.id);
    if (!same) {
      list.insertBefore(next, at);
      continue;
    }
    gone.delete(next.id);
    if (same === at) at = at.nextElementSibling;
    else list.insertBefore(same, at);
    if (same.hasAttribute('data-list')) sync(same, next);
  }
  for (const child of gone.values()) child.remove();
}

let last = '';
async function refresh() {
  if (!document.hidden) {
    try {
      const response = await fetch('/arrivals');
      const text = await response.text();
      if (response.ok && text !== last) {
        last = text;
        const fresh = new DOMParser().parseFromString(text, 'text/html');
        for (const list of document.querySelectorAll('main > section > [data-list]'))
          sync(list, fresh.getElementById(list.id));
      }
      document.body.classList.toggle('away', !response.ok);
    } catch {
      document.body.classList.add('away');
    }
  }
  setTimeout(refresh, everyMs);
}

document.addEventListener('load', ({ target }) => {
  if (target.tagName === 'IFRAME') target.height = target.contentDocument.documentElement.scrollHeight;
}, true);

document.addEventListener('submit', async (event) => {
  event.preventDefault();
  const form = event.target;
  const output = form.querySelector('output');
  const body = {};
  for (const field of form.elements)
    if (field.name && field.value !== '') body[field.name] = field.type === 'number' ? Number(field.value) : field.value;
  try {
    const response = await fetch(form.dataset.call, { method: 'POST', body: JSON.stringify(body) });
    const answer = await response.json();
    const said = response.ok ? form.dataset.says : answer.detail + ' ' + JSON.stringify(answer.errors || '');
    output.textContent = (said || JSON.stringify(answer)).replace(/\\{(\\w+)\\}/g, (_, name) => answer[name]);
  } catch (error) {
    output.textContent = String(error);
  }
});

document.addEventListener('click', ({ target }) => {
  if (target.dataset.copy) navigator.clipboard.writeText(document.getElementById(target.dataset.copy).textContent);
});

for (const frame of document.querySelectorAll('iframe'))
  if (frame.contentDocument?.readyState === 'complete') frame.height = frame.contentDocument.documentElement.scrollHeight;
refresh();
`;
