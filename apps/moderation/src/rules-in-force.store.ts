import { Injectable } from '@nestjs/common';
import { RuleEdits, RulesEvent } from '@hark/contracts';
import { CommandContext, DeciderStore, EventStore, Executed, FollowedStates } from '@hark/eventstore';
import { Logger, parsePosition } from '@hark/kernel';
import { editedRuleSets } from './domain/edited-rule-sets';
import { LocalRules } from './domain/local-rules';
import { ruleSets } from './domain/rules';
import { ChangeRules, EditedRules, rulesDecider } from './domain/rules.decider';
import { warnings } from './domain/rules/warnings';

/** The one `rules-` stream. */
export const rulesId = '00000000-0000-7000-8000-0000000000e5';
/** A change of the rules holds in every process within this time. */
const ageMsMax = 1_000;

/** The `rules-` stream and the rules that follow from it: the built-in ones as operators edited them. */
@Injectable()
export class RulesInForce extends DeciderStore<EditedRules, ChangeRules, RulesEvent> {
  private readonly edits: FollowedStates<EditedRules>;
  private latest = { changes: 0, rules: made(rulesDecider.initial) };
  private isKnown = false;
  /** Where the latest change by this process stands in the log: it holds here at once. */
  private changedAt = -1n;

  constructor(
    private readonly events: EventStore,
    private readonly log: Logger,
  ) {
    super(events, 'rules', rulesDecider);
    this.edits = events.follow('rules', rulesDecider);
  }

  /** Makes the rules those of the command. */
  async change(command: ChangeRules, context: CommandContext): Promise<Executed<EditedRules, RulesEvent>> {
    const executed = await this.execute(rulesId, command, context);
    if (executed.position !== undefined) this.changedAt = parsePosition(executed.position).position;
    return executed;
  }

  /**
   * The rules as they were at most a second ago. While the event store is away, those that were in force last; throws
   * `unavailable` when it never was there, because a text must not pass by rules that nobody wants any more.
   */
  async current(): Promise<LocalRules> {
    try {
      const { state } = await this.edits.get(rulesId, this.events.presentAfter(this.changedAt, ageMsMax));
      if (state.changes !== this.latest.changes) {
        this.latest = { changes: state.changes, rules: made(state) };
        this.log.info({ version: this.latest.rules.version }, 'texts are judged by other rules');
      }
      this.isKnown = true;
    } catch (error) {
      if (!this.isKnown) throw error;
    }
    return this.latest.rules;
  }
}

/** Those rules, ready to judge by. Takes about a tenth of a second. */
export const made = (edits: RuleEdits): LocalRules => new LocalRules(editedRuleSets(ruleSets, edits), warnings);
