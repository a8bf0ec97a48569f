/** Why a text did not pass. Stored, and shown to senders as `moderation.<label>`: never change a word. */
export type Label = 'ads' | 'politics' | 'porn' | 'abuse' | 'illegal' | 'fraud' | 'vulgar' | 'copyright' | 'other';

const ofWechat: Readonly<Record<number, Label>> = {
  10001: 'ads',
  20001: 'politics',
  20002: 'porn',
  20003: 'abuse',
  20006: 'illegal',
  20008: 'fraud',
  20012: 'vulgar',
  20013: 'copyright',
  21000: 'other',
};

/** The label for WeChat's number (WeChat docs: msgSecCheck, return value `label`); `other` for an unknown number. */
export const labelOfWechat = (label: number): Label => ofWechat[label] ?? 'other';
