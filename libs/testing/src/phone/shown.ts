/** What stands on the screen: WXML with the page's data in it. */
export interface Shown {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly children: readonly Shown[];
  readonly text: string;
}
