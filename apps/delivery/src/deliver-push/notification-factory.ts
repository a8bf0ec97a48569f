import { Injectable } from '@nestjs/common';
import { Notification } from '@hark/channels';
import { aadOf, contentFor, LocalContent, Locale, PushContent } from '@hark/contracts';
import { Pushed } from '@hark/gate';
import { uuid5 } from '@hark/kernel';
import { Vault } from '@hark/vault';
import { AppNames } from '../app-names.store';
import { ConsentStore } from '../consent.store';

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

/** Makes pushes in the form that channels receive. */
@Injectable()
export class NotificationFactory {
  constructor(
    private readonly vault: Vault,
    private readonly apps: AppNames,
    private readonly consent: ConsentStore,
  ) {}

  /** The push with its text decrypted; `undefined` once the person is erased. */
  async of(pushId: string, pushed: Pushed): Promise<UnaddressedNotification | undefined> {
    const text = await this.vault.open(pushed.content, aadOf.content(pushId));
    if (text === undefined) return undefined;
    const content = JSON.parse(text) as PushContent;
    const app = await this.apps.nameOf(pushed.appId);
    const ownName = app.owned ? undefined : await this.consent.appNameIn(pushed.bindingId);
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
      appName: ownName ?? app.name,
      appVerified: app.verified,
      priority: pushed.priority,
      level: 'strong',
      receivedAt: pushed.at,
    };
  }
}
