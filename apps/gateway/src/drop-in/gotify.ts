import { bearerOf, header } from '../http/request-headers';
import { DropIn, DropInCall, Fields } from './drop-in';
import { noSuchAddress, present, textOf, titled } from './values';

/** Gotify's 0 to 10, at the borders where its Android app changes how it rings. */
const lowMax = 3;
const normalMax = 7;

/** Gotify's `POST /gotify/message`, with the binding key as the application's token. */
export const gotify: DropIn = {
  name: 'gotify',
  names: { body: 'message' },
  read: async (call) => {
    if (call.method !== 'POST' || call.parts.join('/') !== 'message') throw noSuchAddress();
    const { title, message, priority, extras } = await call.fields();
    const { 'client::display': display, 'client::notification': shown } = objectOf(extras);
    const body = textOf(message);
    const isMarkdown = objectOf(display).contentType === 'text/markdown';
    return {
      key: tokenOf(call),
      push: present({
        ...titled(textOf(title), body),
        markdown: isMarkdown ? body : undefined,
        priority: priorityOf(textOf(priority)),
        url: textOf(objectOf(objectOf(shown).click).url),
        image: textOf(objectOf(shown).bigImageUrl),
      }),
    };
  },
  accepted: (id, { push }, nowMs) => ({
    status: 200,
    body: {
      // Gotify's ids are numbers: of ours the first 48 bits, which are the time of its making (RFC 9562 5.7).
      id: parseInt(id.replaceAll('-', '').slice(0, 12), 16),
      appid: 0,
      message: push.body,
      ...present({ title: push.title }),
      date: new Date(nowMs).toISOString(),
      pushId: id,
    },
  }),
  refused: ({ status, title }, text) => ({
    status,
    body: { error: title, errorCode: status, errorDescription: text },
  }),
};

const tokenOf = ({ query, headers }: DropInCall): unknown =>
  textOf(query.token) ?? header(headers, 'x-gotify-key') ?? bearerOf(headers);

function priorityOf(sent: string | undefined): string | undefined {
  if (sent === undefined || !/^\d{1,2}$/.test(sent)) return undefined;
  return Number(sent) <= lowMax ? 'low' : Number(sent) <= normalMax ? 'normal' : 'high';
}

const objectOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});
