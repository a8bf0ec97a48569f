import { Injectable } from '@nestjs/common';
import { Locale } from '@hark/contracts';
import { CommandContext, stepContext } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { UserStore } from './user.store';

/** The language that a person is written to in, as far as their clients tell it. */
@Injectable()
export class Languages {
  constructor(
    private readonly users: UserStore,
    private readonly clock: Clock,
  ) {}

  /**
   * Remembers the language that the person's client named; nothing when it named none, or when they chose one
   * themselves. Called before whatever makes Hark write to them, so that it is written in that language.
   */
  async learn(personId: string, locale: Locale | undefined, command: CommandContext): Promise<void> {
    if (locale === undefined) return;
    const { state: user } = await this.users.load(personId);
    if (user.localeChosen || user.locale === locale) return;
    const learnt = { type: 'SetLocale', locale, learnt: true, at: this.clock.now() } as const;
    await this.users.execute(personId, learnt, stepContext(command, 'locale'));
  }
}
