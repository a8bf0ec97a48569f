import { DeliveryEvent } from '@hark/contracts';
import { Outcome, Step } from './delivery.commands';
import { EndpointDelivery, interrupted, isBehind, Known } from './delivery.state';

/** What comes of a step at one endpoint; nothing where it is over or is not its turn. Of one that took the push: where a later text is to go. */
export function settle(command: Step, { legs, inTurn, edition }: Known): DeliveryEvent[] {
  switch (command.type) {
    case 'Attempt': {
      const { attempt } = command;
      const leg = legs.find(({ endpointId }) => endpointId === attempt.endpointId);
      if (!leg || leg.isDeferred || leg.open?.attemptId === attempt.attemptId) return [];
      const isLater = leg.settled === 'sent' && (attempt.edition ?? 0) > leg.took;
      if (leg.settled !== null && !isLater) return [];
      const lost: DeliveryEvent[] = leg.open ? [interrupted(leg.open, attempt.at)] : [];
      return [...lost, { type: 'delivery.attempted', data: attempt }];
    }
    case 'Settle': {
      const leg = legs.find(({ open }) => open?.attemptId === command.attemptId);
      if (!leg?.open) return [];
      const { attemptId, endpointId, channel } = leg.open;
      const { outcome, at } = command;
      if (outcome.is === 'sent') {
        const { is: _, ...told } = outcome;
        return [{ type: 'delivery.sent', data: { attemptId, endpointId, channel, ...told, at } }];
      }
      // Where another endpoint waits for its turn, nobody waits for this one. What found no room here was not tried.
      const isPassedOver = !isBusy(outcome) && standbyAfter(endpointId, legs, inTurn) !== undefined;
      const retryAt = isPassedOver ? undefined : outcome.retryAt;
      const final = outcome.is === 'failed' ? retryAt === undefined : outcome.final || endsTurn(outcome, isPassedOver);
      const why = outcome.is === 'failed' && outcome.reason !== undefined ? { reason: outcome.reason } : {};
      const end: DeliveryEvent = {
        type: `delivery.${outcome.is}`,
        data: { attemptId, endpointId, channel, class: outcome.class, ...why, final, at },
      };
      if (retryAt === undefined) return [end];
      const reason = why.reason ?? outcome.class;
      const data = { endpointId, channel, number: leg.deferrals + 1, reason, retryAt, attemptId, at };
      return [end, { type: 'delivery.deferred', data }];
    }
    case 'Resume': {
      const { endpointId, number, epoch, at } = command;
      const leg = legs.find((one) => one.endpointId === endpointId);
      if (!leg?.isDeferred || leg.deferrals !== number) return [];
      return [{ type: 'delivery.resumed', data: { endpointId, number, epoch, at } }];
    }
    case 'Postpone': {
      const { endpointId, reason, until: retryAt, at } = command;
      const leg = legs.find((one) => one.endpointId === endpointId);
      if (!leg || (leg.settled !== null && !isBehind(leg, edition)) || leg.isDeferred) return [];
      const tried = leg.open && { attemptId: leg.open.attemptId };
      const data = { endpointId, channel: leg.kind, number: leg.deferrals + 1, reason, retryAt, ...tried, at };
      return [{ type: 'delivery.postponed', data }];
    }
    case 'Digest': {
      const { type: _, ...told } = command;
      const leg = legs.find(({ endpointId }) => endpointId === command.endpointId);
      if (!leg || leg.settled !== null || leg.isDeferred || leg.open !== null) return [];
      return [{ type: 'delivery.digested', data: { ...told, channel: leg.kind } }];
    }
    case 'Suppress': {
      const leg = legs.find(({ endpointId }) => endpointId === command.endpointId);
      // Of a later text only a try that is written down has an end of its own.
      if (!leg || (leg.settled !== null && (leg.settled !== 'sent' || leg.open === null))) return [];
      return [
        {
          type: 'delivery.suppressed',
          data: { endpointId: leg.endpointId, channel: leg.kind, reason: command.reason, at: command.at },
        },
      ];
    }
  }
}

const isBusy = (outcome: Outcome): boolean => outcome.is === 'failed' && outcome.reason === 'busy';

/** An unknown end that was to be tried again later. One that is tried again at once keeps its turn. */
const endsTurn = (outcome: Outcome, isPassedOver: boolean): boolean =>
  isPassedOver && outcome.is === 'unknown' && outcome.retryAt !== undefined;

/** The endpoint whose turn comes after that one, if it was not tried yet. */
function standbyAfter(
  endpointId: string,
  legs: readonly EndpointDelivery[],
  inTurn: readonly string[],
): EndpointDelivery | undefined {
  const at = inTurn.indexOf(endpointId);
  const later = at < 0 ? [] : inTurn.slice(at + 1);
  return later.flatMap((id) => legs.find((leg) => leg.endpointId === id && leg.isStandby && !leg.settled) ?? [])[0];
}

/**
 * What the end of an endpoint means for those behind it: when it took the push they are not needed, otherwise the turn of
 * the next has come. That one is taken up like every other that was put off, so a crash in between loses nothing.
 */
export function nextInTurn({ legs, inTurn }: Known, events: DeliveryEvent[]): DeliveryEvent[] {
  return events.flatMap((event): DeliveryEvent[] => {
    if (
      event.type === 'delivery.sent' ||
      (event.type === 'delivery.digested' && event.data.class === undefined) ||
      // It shows a later push in this one's place.
      (event.type === 'delivery.suppressed' && event.data.reason === 'replaced')
    ) {
      const { endpointId, at } = event.data;
      const left = legs.filter((leg) => inTurn.includes(endpointId) && leg.isStandby && leg.settled === null);
      return left.map((leg) => ({
        type: 'delivery.suppressed',
        data: { endpointId: leg.endpointId, channel: leg.kind, reason: 'not-needed', at },
      }));
    }
    const isEnd =
      event.type === 'delivery.suppressed' ||
      event.type === 'delivery.digested' ||
      ((event.type === 'delivery.failed' || event.type === 'delivery.unknown') && event.data.final);
    if (!isEnd) return [];
    const { endpointId, at } = event.data;
    const was = legs.find((leg) => leg.endpointId === endpointId);
    const next = was?.isStandby ? undefined : standbyAfter(endpointId, legs, inTurn);
    if (!next) return [];
    const { endpointId: nextId, kind: channel, deferrals } = next;
    const data = { endpointId: nextId, channel, number: deferrals + 1, retryAt: at, at };
    return [{ type: 'delivery.passed-on', data }];
  });
}
