import { richNodesOf, type RichText } from './rich-nodes';

import { formatOf } from '#console-inbox/markdown-tokens';

declare const worker: WechatMiniprogram.Worker;

/** What a text may come to on its way to the screen: WeChat carries 1 MB there, slowly. */
const charactersMax = 200_000;

/** What is asked of this worker, and what it answers; nothing where the text is shown as it was written. */
export interface Asked {
  readonly text: string;
  readonly showsPictures: boolean;
}
export interface Answered {
  readonly rich?: RichText;
}

/** Typed here: WeChat's typings of what comes are wrong by one level. */
worker.onMessage((asked: object) => worker.postMessage(answerTo(asked as Asked)));

function answerTo({ text, showsPictures }: Asked): Answered {
  const format = formatOf(text);
  if (format === undefined) return {};
  const made = richNodesOf(format.tokens, showsPictures);
  if (JSON.stringify(made).length > charactersMax) return {};
  return { rich: { ...made, hasPictures: format.hasPictures } };
}
