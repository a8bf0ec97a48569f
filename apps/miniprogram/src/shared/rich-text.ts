import type { Answered, Asked } from '../workers/markdown';
import type { RichText } from '../workers/rich-nodes';

/** A worker starts from the phone's own storage, and reads the longest text that a person would write in some ten milliseconds. */
const answerWithinMs = 3_000;

/** WeChat runs one worker at a time: readings queue up. */
let last: Promise<unknown> = Promise.resolve();

/**
 * A message's markdown as nodes, read beside the page, so that a text which was made to keep its reader busy keeps nobody: the
 * worker is ended when its time is over. `undefined` where the text is shown as it was written.
 */
export function richTextOf(text: string, showsPictures: boolean): Promise<RichText | undefined> {
  const read = last.then(() => readInWorker({ text, showsPictures }));
  last = read;
  return read;
}

function readInWorker(asked: Asked): Promise<RichText | undefined> {
  return new Promise((resolve) => {
    const worker = wx.createWorker('workers/markdown.js');
    const end = (rich?: RichText) => {
      clearTimeout(timer);
      worker.terminate();
      resolve(rich);
    };
    const timer = setTimeout(end, answerWithinMs);
    worker.onError(() => end());
    worker.onMessage((answered: object) => end((answered as Answered).rich));
    worker.postMessage(asked);
  });
}
