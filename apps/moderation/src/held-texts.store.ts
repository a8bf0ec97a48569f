import { Injectable } from '@nestjs/common';
import { aadOf, CaseEntry, ModerationEvent, PushContent } from '@hark/contracts';
import { EventStore, StateCache } from '@hark/eventstore';
import { App, appFold, messageFold, Pushed } from '@hark/gate';
import { Fold } from '@hark/kernel';
import { Vault } from '@hark/vault';
import type { LocalRules } from './domain/local-rules';
import { messageText } from './domain/message-text';
import { RulesInForce } from './rules-in-force.store';

/** What an operator sees of a push; without text once the person is erased. */
export interface HeldText extends Partial<PushContent> {
  readonly appId: string;
  readonly appName: string;
  readonly matched?: readonly string[];
  readonly excerpts?: readonly string[];
  readonly edition?: number;
  readonly history: readonly CaseEntry[];
}

/** Reads held texts from the pushes' own streams: this service keeps no copy of anybody's words. */
@Injectable()
export class HeldTexts {
  private readonly apps: StateCache<App>;
  private readonly messages: StateCache<Pushed | undefined>;
  private readonly histories: StateCache<readonly CaseEntry[]>;

  constructor(
    store: EventStore,
    private readonly vault: Vault,
    private readonly inForce: RulesInForce,
  ) {
    this.apps = store.streams('app', appFold);
    this.messages = store.streams('message', messageFold, { entriesMax: 1 });
    this.histories = store.streams('moderation', historyFold, { entriesMax: 1 });
  }

  /** The text of each push, in the order given; undefined where there is no such push. Record the look first. */
  async of(pushIds: readonly string[]): Promise<(HeldText | undefined)[]> {
    const [pushes, histories] = await Promise.all([
      Promise.all(pushIds.map((pushId) => this.pushed(pushId))),
      Promise.all(pushIds.map((pushId) => this.histories.get(pushId))),
    ]);
    const sealed = pushes.flatMap((pushed, index) =>
      pushed ? [{ sealed: pushed.content, aad: aadOf.content(pushIds[index]!) }] : [],
    );
    const [rules, texts, names] = await Promise.all([
      this.inForce.current(),
      this.vault.openMany(sealed),
      this.names(pushes.flatMap((pushed) => (pushed ? [pushed.appId] : []))),
    ]);
    const opened = texts.values();
    return pushes.map((pushed, index) => {
      if (!pushed) return undefined;
      const text = opened.next().value;
      return {
        appId: pushed.appId,
        appName: names.get(pushed.appId) ?? '',
        ...(text !== undefined && shown(JSON.parse(text) as PushContent, rules)),
        ...(pushed.edition > 0 && { edition: pushed.edition }),
        history: histories[index]!.state,
      };
    });
  }

  /**
   * The owner of the app that sent the push, and its recipient: neither may decide about it. Empty where there is no
   * such push.
   */
  async parties(pushId: string): Promise<string[]> {
    const pushed = await this.pushed(pushId);
    return pushed ? [pushed.ownerId, pushed.personId] : [];
  }

  private async names(appIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const distinct = [...new Set(appIds)];
    const apps = await Promise.all(distinct.map((appId) => this.apps.get(appId)));
    return new Map(
      apps.flatMap(({ state: app }, index) => (app.is === 'absent' ? [] : [[distinct[index]!, app.name] as const])),
    );
  }

  private async pushed(pushId: string): Promise<Pushed | undefined> {
    return (await this.messages.get(pushId)).state;
  }
}

function shown(content: PushContent, rules: LocalRules): Omit<HeldText, 'appId' | 'appName' | 'history' | 'edition'> {
  const text = messageText(content);
  const matched = rules.matches(text);
  if (matched.length === 0) return content;
  return { ...content, matched, excerpts: rules.excerpts(text) };
}

const entryOf = ({ type, data }: ModerationEvent): CaseEntry => ({
  event: type,
  at: data.at,
  ...('operatorId' in data && { by: data.operatorId }),
  ...('label' in data && { label: data.label }),
  ...('wechat' in data && { wechat: data.wechat, ruleVersion: data.ruleVersion }),
  ...('note' in data && data.note !== undefined && { note: data.note }),
});

const historyFold: Fold<readonly CaseEntry[], ModerationEvent> = {
  initial: [],
  evolve: (history, event) => (event.type === 'moderation.resumed' ? history : [...history, entryOf(event)]),
};
