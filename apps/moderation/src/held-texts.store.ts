import { aadOf, MessageEvent, PushContent } from '@hark/contracts';
import { EventStore, Vault } from '@hark/eventstore';
import { Injectable } from '@nestjs/common';

/** What an operator is shown of a held push; empty of text once the person is erased. */
export interface HeldText {
  readonly appId: string;
  readonly title?: string;
  readonly body?: string;
}

/** Reads what is held from the pushes' own streams: no copy of anybody's words is kept here. */
@Injectable()
export class HeldTexts {
  constructor(
    private readonly store: EventStore,
    private readonly vault: Vault,
  ) {}

  /** The text of each push, in the order given; undefined where there is no such push. */
  async of(pushIds: readonly string[]): Promise<(HeldText | undefined)[]> {
    const pushes = await Promise.all(pushIds.map((pushId) => this.pushed(pushId)));
    const sealed = pushes.flatMap((pushed, index) =>
      pushed ? [{ sealed: pushed.content, aad: aadOf.content(pushIds[index]!) }] : [],
    );
    const opened = (await this.vault.openMany(sealed)).values();
    return pushes.map((pushed) => {
      if (!pushed) return undefined;
      const text = opened.next().value;
      const { title, body } = text === undefined ? {} : (JSON.parse(text) as Partial<PushContent>);
      return { appId: pushed.appId, ...(title !== undefined && { title }), ...(body !== undefined && { body }) };
    });
  }

  private async pushed(pushId: string): Promise<MessageEvent['data'] | undefined> {
    const [first] = await this.store.read('message', pushId);
    return first?.event.type === 'message.pushed' ? (first.event as MessageEvent).data : undefined;
  }
}
