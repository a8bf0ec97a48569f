import { Injectable } from '@nestjs/common';
import { Notification } from '@hark/channels';
import { aadOf, contentFor, LocalContent, Locale, PushContent } from '@hark/contracts';
import { mailLinkPath, signMailLink } from '@hark/credentials';
import { publicNameOf, Pushed } from '@hark/gate';
import { optional, uuid5 } from '@hark/kernel';
import { Keys } from '@hark/service';
import { Vault } from '@hark/vault';
import { ConsentStore } from '../consent.store';
import { DeliveryConfig } from '../delivery.config';
import { ThreadStates } from '../thread-states.service';
import { Threads } from '../threads.service';

/** For how long the links in a mail work: 90 days. */
const linkLifeMs = 90 * 86_400_000;

/**
 * A push as channels receive it, without its reader's language, which is looked up with the consent before each try.
 */
export interface UnaddressedNotification extends Omit<Notification, keyof LocalContent | 'locale'> {
  readonly content: PushContent;
}

/** The push in the words for readers of `locale`. */
export function addressed({ content, ...note }: UnaddressedNotification, locale: Locale): Notification {
  return { ...note, ...contentFor(locale, content), locale };
}

/**
 * The push said again. Receivers that drop copies must not take it for one, so it has an id of its own; where a later message
 * can replace an earlier one on the phone, it does.
 */
export const asReminder = (note: UnaddressedNotification, number: number): UnaddressedNotification =>
  number === 0
    ? note
    : {
        ...note,
        dedupeId: uuid5(note.deliveryId, `reminder:${number}`),
        collapseKey: note.collapseKey ?? note.deliveryId,
      };

/** Makes pushes in the form that channels receive. */
@Injectable()
export class NotificationFactory {
  constructor(
    private readonly vault: Vault,
    private readonly consent: ConsentStore,
    private readonly keys: Keys,
    private readonly config: DeliveryConfig,
    private readonly threads: Threads,
    private readonly states: ThreadStates,
  ) {}

  /** The push with its text decrypted; `undefined` once the person is erased. */
  async of(pushId: string, pushed: Pushed): Promise<UnaddressedNotification | undefined> {
    const text = await this.vault.open(pushed.content, aadOf.content(pushId));
    if (text === undefined) return undefined;
    const content = JSON.parse(text) as PushContent;
    const sender = await this.senderOf(pushed.appId, pushed.bindingId);
    return {
      content,
      deliveryId: pushId,
      dedupeId: pushId,
      ...(content.collapseId !== undefined && {
        collapseKey: uuid5(pushed.bindingId, `collapse:${content.collapseId}`),
      }),
      appId: pushed.appId,
      personId: pushed.personId,
      ownerId: pushed.ownerId,
      ...sender,
      priority: pushed.priority,
      level: 'strong',
      receivedAt: pushed.at,
      ...optional('mailLinks', this.mailLinks(pushId, pushed)),
      ...optional('earlierSteps', this.earlierSteps(pushed, content)),
    };
  }

  /** What the person knows the app by. For an app without an owner that is the name that their own client gave it. */
  async senderOf(appId: string, bindingId: string): Promise<Pick<Notification, 'appName' | 'appVerified'>> {
    const app = await this.consent.app(appId);
    const isOwned = app.is !== 'absent' && app.ownerId !== null;
    const given = isOwned ? undefined : await this.consent.appNameIn(bindingId);
    const ownName = given && (await this.vault.openOrClear(given, aadOf.appName(bindingId)));
    return {
      appName: ownName ?? (app.is === 'absent' ? '' : publicNameOf(app)),
      appVerified: app.is !== 'absent' && app.verified,
    };
  }

  /** The note as one of the hub's own, which says that and leads to the inbox. */
  ofTheHub(
    note: UnaddressedNotification,
    said: { readonly title: string; readonly body: string },
  ): UnaddressedNotification {
    const { mailLinks: _, collapseKey: _1, appId: _2, earlierSteps: _3, ...own } = note;
    const { publicUrl } = this.config;
    const content = { ...said, ...(publicUrl !== undefined && { url: `${publicUrl}/` }) };
    return { ...own, content, appName: 'Hark', appVerified: true, ofTheHub: true };
  }

  /** The same at every try, because their end is counted from the push. */
  private mailLinks(
    pushId: string,
    { personId, bindingId, consentId, at }: Pushed,
  ): Notification['mailLinks'] | undefined {
    const { publicUrl } = this.config;
    if (publicUrl === undefined) return undefined;
    const right = { personId, bindingId, consentId, pushId, expiresAtMs: Date.parse(at) + linkLifeMs };
    return (to) =>
      publicUrl +
      (to === 'open'
        ? `/inbox/${pushId}`
        : mailLinkPath(to, signMailLink({ purpose: to, ...right }, this.keys.mailLinks)));
  }

  private earlierSteps({ personId, appId }: Pushed, content: PushContent): Notification['earlierSteps'] | undefined {
    const thread = this.threads.of(personId, content);
    if (thread?.step === undefined) return undefined;
    return async () => {
      const [state] = await this.states.of(personId, [{ app_id: appId, thread_id: thread.id }]);
      return state?.steps ?? [];
    };
  }
}
