/** Where the sandbox logs people in; `undefined` where a real provider does. The gateway says so in the page. */
export const sandboxUrl = (): string | undefined =>
  document.querySelector<HTMLMetaElement>('meta[name=hark-sandbox]')?.content || undefined;
