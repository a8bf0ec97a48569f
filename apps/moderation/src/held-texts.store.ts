import { Injectable } from '@nestjs/common';
import { aadOf, AppEvent, CaseEntry, MessageEvent, ModerationEvent, PushContent } from '@hark/contracts';
import { EventStore } from '@hark/eventstore';
import { absentApp, App, evolveApp } from '@hark/gate';
import { Vault } from '@hark/vault';
import { LocalRules } from './domain/local-rules';
import { messageText } from './domain/message-text';

/** What an operator sees of a push; without text once the person is erased. */
export interface HeldText {
  readonly appId: string;
  readonly appName: string;
  readonly title?: string;
  readonly body?: string;
  readonly url?: string;
  readonly tags?: readonly string[];
  readonly matched?: readonly string[];
  readonly history: readonly CaseEntry[];
}

/** Reads held texts from the pushes' own streams: this service keeps no copy of anybody's words. */
@Injectable()
export class HeldTexts {
  constructor(
    private readonly store: EventStore,
    private readonly vault: Vault,
    private readonly rules: LocalRules,
  ) {}

  /** The text of each push, in the order given; undefined where there is no such push. Record the look first. */
  async of(pushIds: readonly string[]): Promise<(HeldText | undefined)[]> {
    const [pushes, histories] = await Promise.all([
      Promise.all(pushIds.map((pushId) => this.pushed(pushId))),
      Promise.all(pushIds.map((pushId) => this.history(pushId))),
    ]);
    const sealed = pushes.flatMap((pushed, index) =>
      pushed ? [{ sealed: pushed.content, aad: aadOf.content(pushIds[index]!) }] : [],
    );
    const [texts, names] = await Promise.all([
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
        ...(text !== undefined && this.shown(JSON.parse(text) as PushContent)),
        history: histories[index]!,
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

  private shown(content: PushContent): Omit<HeldText, 'appId' | 'appName' | 'history'> {
    const { title, body, url, tags } = content;
    const matched = this.rules.matches(messageText(content));
    return {
      ...(title !== undefined && { title }),
      body,
      ...(url !== undefined && { url }),
      ...(tags !== undefined && { tags }),
      ...(matched.length > 0 && { matched }),
    };
  }

  private async names(appIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const distinct = [...new Set(appIds)];
    const apps = await Promise.all(
      distinct.map(async (appId) =>
        (await this.store.read('app', appId)).reduce<App>(
          (app, { event }) => evolveApp(app, event as AppEvent),
          absentApp,
        ),
      ),
    );
    return new Map(apps.flatMap((app, index) => (app.is === 'absent' ? [] : [[distinct[index]!, app.name] as const])));
  }

  private async history(pushId: string): Promise<CaseEntry[]> {
    const events = (await this.store.read('moderation', pushId)).map(({ event }) => event as ModerationEvent);
    return events.filter(({ type }) => type !== 'moderation.resumed').map(entryOf);
  }

  private async pushed(pushId: string): Promise<MessageEvent['data'] | undefined> {
    const [first] = await this.store.read('message', pushId);
    return first?.event.type === 'message.pushed' ? (first.event as MessageEvent).data : undefined;
  }
}

const entryOf = ({ type, data }: ModerationEvent): CaseEntry => ({
  event: type,
  at: data.at,
  ...('operatorId' in data && { by: data.operatorId }),
  ...('label' in data && { label: data.label }),
  ...('note' in data && data.note !== undefined && { note: data.note }),
});
