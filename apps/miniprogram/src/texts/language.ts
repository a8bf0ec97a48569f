/** The languages that pages are written in. */
export type Language = 'zh-CN' | 'en';

const stored = 'hark.language';

/** What was chosen in this program, else what WeChat is set to, among ours; else English. */
export function chosenLanguage(): Language {
  const chosen: unknown = wx.getStorageSync(stored);
  if (chosen === 'zh-CN' || chosen === 'en') return chosen;
  return /^zh/i.test(wx.getAppBaseInfo().language ?? 'zh_CN') ? 'zh-CN' : 'en';
}

export function chooseLanguage(language: Language): void {
  wx.setStorageSync(stored, language);
}
