import { Injectable } from '@nestjs/common';
import { aadOf, IdentityEvent } from '@hark/contracts';
import { EventStore, StateCache } from '@hark/eventstore';
import { Fold } from '@hark/kernel';
import { Vault } from '@hark/vault';
import { ConsentStore } from '../consent.store';

/** Whose log-in it is, where that is not the user of the same id (ADR 40). */
const linkedFold: Fold<string | null, IdentityEvent> = {
  initial: null,
  evolve: (userId, { type, data }) => (type === 'identity.linked' ? data.userId : userId),
};

/** Finds the endpoints that WeChat speaks of. */
@Injectable()
export class WechatReminders {
  private readonly identities: StateCache<string | null>;

  constructor(
    store: EventStore,
    private readonly consent: ConsentStore,
    private readonly vault: Vault,
  ) {
    this.identities = store.streams('identity', linkedFold, { entriesMax: 1 });
  }

  /** The endpoint through which reminders by that template go to whom WeChat calls `openid`; undefined without one. */
  async endpointOf(openid: string, templateId: string): Promise<string | undefined> {
    const own = this.vault.lookupId('wechat', openid);
    const { state: linked } = await this.identities.get(own);
    const { endpoints } = await this.consent.user(linked ?? own);
    const reminders = endpoints.filter(({ kind }) => kind === 'wechat');
    const opened = await this.vault.openMany(
      reminders.map(({ address, endpointId }) => ({ sealed: address, aad: aadOf.address(endpointId) })),
    );
    return reminders.find((_, index) => isOf(opened[index], openid, templateId))?.endpointId;
  }
}

function isOf(address: string | undefined, openid: string, templateId: string): boolean {
  if (address === undefined) return false;
  const fields = JSON.parse(address) as { openid?: unknown; templateId?: unknown };
  return fields.openid === openid && fields.templateId === templateId;
}
