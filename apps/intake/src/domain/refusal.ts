import { GateDecision } from '@hark/gate';
import { HarkError } from '@hark/kernel';

type Refusal = Extract<GateDecision, { is: 'refuse' }>;

/** The person withdrew consent. */
export const bindingEnded = (): HarkError => new HarkError('refused', 'binding.ended', 'the binding has ended');

/** Its turn did not come before the request's deadline, or too many wait. Nothing was begun. */
export const notBegun = (): HarkError =>
  new HarkError('unavailable', 'request.deadline', 'the turn of this push came too late', { extra: { retryAfter: 1 } });

/** The gate's refusal in the form that the sender receives. */
export function refusalError({ reason, until }: Refusal): HarkError {
  switch (reason) {
    case 'no-binding':
      return new HarkError('not-found', 'binding.unknown', 'the app has no such binding');
    case 'unbound':
    // The app need not learn why.
    case 'person-erased':
    case 'app-deleted':
      return bindingEnded();
    case 'blocked-by-user':
    case 'level-none':
      return new HarkError('refused', 'binding.refused', 'the person wants nothing from this app');
    case 'app-suspended':
      return new HarkError('refused', 'app.suspended', 'the app is suspended', until ? { extra: { until } } : {});
    case 'app-banned':
      return new HarkError('refused', 'app.banned', 'the app is banned');
    case 'expired':
    case 'recalled':
    case 'moderation':
      // Cannot come at accept, where the push has neither a verdict nor a past.
      return new HarkError('refused', 'push.blocked', 'the push may not be sent');
  }
}
