import { BindingRequestEvent, Level, Locale, Wording } from '@hark/contracts';
import { credentialMatches } from '@hark/credentials';
import { Decider, HarkError, IsoTime, plusMs } from '@hark/kernel';

/** How long a person may take to decide, in milliseconds. */
export const requestLifeMs = 10 * 60_000;
/** How long the code that they bring back is good for, in milliseconds. */
export const codeLifeMs = 60_000;

type Opened = Extract<BindingRequestEvent, { type: 'binding_request.opened' }>['data'];
type Approved = Extract<BindingRequestEvent, { type: 'binding_request.approved' }>['data'];

/** What an approval entails is done by whoever approves; where that was cut off, by the hub this much later, in milliseconds. */
export const finishAfterMs = 30_000;

/** An app's request for consent (授权请求), as its stream tells it. */
export type BindingRequest =
  | { readonly is: 'absent' }
  | ({ readonly is: 'open' | 'expired' } & Opened)
  | ({ readonly is: 'declined'; readonly personId: string; readonly state?: string } & Pick<Opened, Kept>)
  | ({ readonly is: 'approved' | 'exchanged'; readonly exchangeId?: string; readonly finished?: true } & Approved &
      Pick<Opened, Kept>);
type Kept = 'appId' | 'asked' | 'redirectUri' | 'codeChallenge';

export type BindingRequestCommand = { readonly at: IsoTime } & (
  | ({ readonly type: 'Open' } & Omit<Opened, 'at' | 'expiresAt'>)
  | {
      readonly type: 'Approve';
      readonly personId: string;
      readonly bindingId: string;
      readonly consentId: string;
      readonly level?: Level;
      readonly channels?: readonly string[];
      readonly wording: Wording;
      /** Sealed. */
      readonly state?: string;
      /** Of the code that the person is sent back with; absent when they are not. */
      readonly codeHash?: string;
    }
  | { readonly type: 'Decline'; readonly personId: string; readonly state?: string }
  | {
      readonly type: 'Exchange';
      readonly appId: string;
      readonly codeHash: string;
      /** The command's id: its repeat is no second exchange. */
      readonly exchangeId: string;
      /** The challenge that the app's verifier makes (RFC 7636 section 4.6). */
      readonly challenge?: string;
    }
  /** What the approval entails is done, or was refused for good with that code. */
  | { readonly type: 'Finish'; readonly refusal?: string }
  | { readonly type: 'Expire' }
);

/**
 * The rules of a request for consent: one person decides it, once, within ten minutes; its code is good for one
 * exchange within a minute, by the app that asked and with the verifier of its challenge.
 */
export const bindingRequestDecider: Decider<BindingRequest, BindingRequestCommand, BindingRequestEvent> = {
  initial: { is: 'absent' },

  decide(command, request) {
    const { at } = command;
    switch (command.type) {
      case 'Open': {
        const { type: _, ...data } = command;
        const opened = { ...data, expiresAt: plusMs(at, requestLifeMs) };
        return request.is === 'absent' ? [{ type: 'binding_request.opened', data: opened }] : [];
      }
      case 'Approve': {
        const { type: _, channels, codeHash, ...rest } = command;
        if (isDecidedBy(command.personId, 'approved', request)) return [];
        openRequest(request, at);
        const data: Approved = {
          ...rest,
          ...(channels !== undefined && { channels: [...channels] }),
          ...(codeHash !== undefined && { codeHash, codeExpiresAt: plusMs(at, codeLifeMs) }),
        };
        return [{ type: 'binding_request.approved', data }];
      }
      case 'Decline': {
        const { type: _, ...data } = command;
        if (isDecidedBy(command.personId, 'declined', request)) return [];
        openRequest(request, at);
        return [{ type: 'binding_request.declined', data }];
      }
      case 'Exchange': {
        const { exchangeId } = command;
        if (request.is === 'exchanged' && request.exchangeId === exchangeId) return [];
        if (!mayExchange(command, request)) throw codeInvalid();
        return [{ type: 'binding_request.exchanged', data: { exchangeId, at } }];
      }
      case 'Finish': {
        const { type: _, ...data } = command;
        const isOpen = (request.is === 'approved' || request.is === 'exchanged') && !request.finished;
        return isOpen ? [{ type: 'binding_request.finished', data }] : [];
      }
      case 'Expire':
        return request.is === 'open' && at >= request.expiresAt
          ? [{ type: 'binding_request.expired', data: { at } }]
          : [];
    }
  },

  evolve(request, event) {
    if (event.type === 'binding_request.opened') return { is: 'open', ...event.data };
    if (request.is === 'absent') return request;
    const { appId, asked, redirectUri, codeChallenge } = request;
    const kept = {
      appId,
      asked,
      ...(redirectUri !== undefined && { redirectUri }),
      ...(codeChallenge !== undefined && { codeChallenge }),
    };
    switch (event.type) {
      case 'binding_request.approved':
        return { is: 'approved', ...event.data, ...kept };
      case 'binding_request.declined': {
        const { at: _, ...data } = event.data;
        return { is: 'declined', ...data, ...kept };
      }
      case 'binding_request.exchanged':
        return request.is === 'approved' ? { ...request, is: 'exchanged', exchangeId: event.data.exchangeId } : request;
      case 'binding_request.finished':
        return request.is === 'approved' || request.is === 'exchanged' ? { ...request, finished: true } : request;
      case 'binding_request.expired':
        return request.is === 'open' ? { ...request, is: 'expired' } : request;
      default:
        event satisfies never;
        return request;
    }
  },
};

/**
 * The request while somebody may still decide it at `at`; else `binding-request.unknown`, `binding-request.expired` or,
 * once somebody has decided, `binding-request.settled`.
 */
export function openRequest(request: BindingRequest, at: IsoTime): Extract<BindingRequest, { is: 'open' | 'expired' }> {
  if (request.is === 'absent') throw unknown();
  if (request.is !== 'open' && request.is !== 'expired') throw settled();
  if (request.is === 'expired' || at >= request.expiresAt) throw expired();
  return request;
}

/** Whether this person has decided it so already; a repeat of theirs is answered as before. */
export function isDecidedBy(personId: string, how: 'approved' | 'declined', request: BindingRequest): boolean {
  if (request.is !== 'approved' && request.is !== 'exchanged' && request.is !== 'declined') return false;
  return request.personId === personId && (request.is === 'declined') === (how === 'declined');
}

// PKCE cannot be left out by whoever stole a code, nor added to a request without it (RFC 9700 section 4.8.2).
function mayExchange(
  { appId, codeHash, challenge, at }: Extract<BindingRequestCommand, { type: 'Exchange' }>,
  request: BindingRequest,
): boolean {
  if (request.is !== 'approved' || request.appId !== appId) return false;
  if (request.codeExpiresAt === undefined || at >= request.codeExpiresAt) return false;
  return credentialMatches(codeHash, request.codeHash) && challenge === request.codeChallenge;
}

/** The hash of the terms in a language, as a request has them. */
export const termsHashOf = ({ terms }: Pick<Opened, 'terms'>, language: Locale): string =>
  language === 'zh-CN' ? terms.zh : terms.en;

/** Says nothing of why, so that a thief of codes learns nothing. */
export const codeInvalid = () =>
  new HarkError('refused', 'binding-request.code-invalid', 'the code is not valid, was used or has expired');
const unknown = () => new HarkError('not-found', 'binding-request.unknown', 'there is no such binding request');
const settled = () => new HarkError('conflict', 'binding-request.settled', 'somebody has decided the request');
const expired = () => new HarkError('refused', 'binding-request.expired', 'the request is over');
