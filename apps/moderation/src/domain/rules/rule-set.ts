/**
 * Words that a text may not hold, under one label. Write them in plain form: they are folded as texts are, so one entry
 * also finds full-width, accented, spaced, split (木仓) and look-alike spellings, and from four Chinese characters on
 * also pinyin for any of them.
 */
export interface RuleSet {
  /** Shown to the sender as `moderation.<label>`. */
  readonly label: 'ads' | 'fraud' | 'porn' | 'abuse' | 'illegal' | 'politics';
  /** `block`: never delivered · `hold`: an operator looks first. */
  readonly then: 'block' | 'hold';
  readonly words: readonly string[];
  /** Chinese words that are also found by pinyin although they are shorter. */
  readonly pinyin?: readonly string[];
  /** Hosts, including every name below them. */
  readonly domains?: readonly string[];
  /** Words that are harmless alone: matches when one of each group stands within `within` characters. */
  readonly together?: readonly { readonly groups: readonly (readonly string[])[]; readonly within: number }[];
}
