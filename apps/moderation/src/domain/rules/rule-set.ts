/**
 * Words that a text may not hold, under one label. They are written as anybody would; compiling folds them as texts are
 * folded, so one entry also finds full-width, accented, spaced, split (木仓) and look-alike spellings, and, of four
 * Chinese characters and more, pinyin for any of them.
 */
export interface RuleSet {
  /** Shown to the sender as `moderation.<label>`. */
  readonly label: 'ads' | 'fraud' | 'porn' | 'abuse' | 'illegal' | 'politics';
  /** `block`: never delivered · `hold`: an operator looks first. */
  readonly then: 'block' | 'hold';
  readonly words: readonly string[];
  /** Shorter Chinese words whose pinyin is as telling as they are. */
  readonly pinyin?: readonly string[];
  /** Hosts, with all below them. */
  readonly domains?: readonly string[];
  /** Words that are harmless alone: one of each group within `within` characters. */
  readonly together?: readonly { readonly groups: readonly (readonly string[])[]; readonly within: number }[];
}
