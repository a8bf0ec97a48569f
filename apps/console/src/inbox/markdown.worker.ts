import { formatOf } from './markdown-tokens';
import type { Said } from './use-format';

const say = (said: Said): void => self.postMessage(said);

self.onmessage = ({ data }: MessageEvent<string>) => say(formatOf(data));
say('here');
