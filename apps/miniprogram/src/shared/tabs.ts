import { texts } from '../texts/texts';

/** The words under the four tabs, and the page's own title, in the language of now. */
export function nameTabs(title: string): void {
  const { places } = texts().t;
  const tabs = [places['/'], places['/apps'], places['/channels'], places['/settings']];
  for (const [index, text] of tabs.entries()) wx.setTabBarItem({ index, text });
  wx.setNavigationBarTitle({ title });
}
