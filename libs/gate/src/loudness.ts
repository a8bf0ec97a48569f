import { Priority } from '@hark/contracts';
import { Binding } from './binding.fold';

/** How loud a push of each priority may be, for every channel. */
interface Loudness {
  /** The priority that it is sent with to people who did not allow critical ones, and to those who did. */
  readonly heardAs: Priority;
  readonly heardWhereAllowed: Priority;
  /** It rings in quiet hours, where critical ones are allowed. */
  readonly passesQuietHours: boolean;
}

/**
 * Each channel says it in its own words: `low` silent, `normal` as the channel usually does, `high` time-sensitive,
 * `critical` through everything. The level and a mute are decided before: what is not `strong` reaches no channel.
 */
const loudness: Readonly<Record<Priority, Loudness>> = {
  low: { heardAs: 'low', heardWhereAllowed: 'low', passesQuietHours: false },
  normal: { heardAs: 'normal', heardWhereAllowed: 'normal', passesQuietHours: false },
  high: { heardAs: 'high', heardWhereAllowed: 'high', passesQuietHours: false },
  critical: { heardAs: 'high', heardWhereAllowed: 'critical', passesQuietHours: true },
};

/** The priority that a push is sent with: `critical` only where the person allowed it to this app. */
export const heardAs = (priority: Priority, binding: Binding): Priority =>
  isCriticalAllowed(binding) ? loudness[priority].heardWhereAllowed : loudness[priority].heardAs;

/** Whether a push rings in quiet hours. */
export const passesQuietHours = (priority: Priority, binding: Binding): boolean =>
  isCriticalAllowed(binding) && loudness[priority].passesQuietHours;

const isCriticalAllowed = (binding: Binding): boolean => binding.is !== 'absent' && binding.critical === true;
