export { FramedMessages } from './framed-messages';
