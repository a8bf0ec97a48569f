import { Injectable } from '@nestjs/common';
import { Locale } from '@hark/contracts';
import { CommandContext, stepContext } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { UserStore } from './user.store';

/** The language for texts to a person, as far as their clients have named it. */
@Injectable()
export class Languages {
  constructor(
    private readonly users: UserStore,
    private readonly clock: Clock,
  ) {}

  /**
   * Remembers the language that the person's client named; does nothing when it named none or the person chose one.
   * Call it before anything that makes Hark write to them, so that the text is in that language.
   */
  async learn(personId: string, locale: Locale | undefined, command: CommandContext): Promise<void> {
    if (locale === undefined) return;
    const { state: user } = await this.users.load(personId);
    if (user.localeChosen || user.locale === locale) return;
    const learnt = { type: 'SetLocale', locale, learnt: true, at: this.clock.now() } as const;
    await this.users.execute(personId, learnt, stepContext(command, 'locale'));
  }
}
