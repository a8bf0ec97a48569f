import { Injectable } from '@nestjs/common';
import { ChannelRegistry } from '@hark/channels';
import { aadOf, UserEvent } from '@hark/contracts';
import { Reactor, RecordedEvent } from '@hark/eventstore';
import { Endpoint, languageOf } from '@hark/gate';
import { Vault } from '@hark/vault';
import { ConsentStore } from '../consent.store';
import { endpointDisabledText } from './notice-words';
import { Notices } from './notices';

type Disabled = Extract<UserEvent, { type: 'user.endpoint-disabled' }>;

/**
 * Tells a person in their inbox, in their language, that an endpoint was switched off. Not sent through any channel.
 */
@Injectable()
export class FileNoticeReactor implements Reactor<Disabled> {
  readonly group = 'delivery.file-notice';
  readonly reactsTo = ['user.endpoint-disabled'];

  constructor(
    private readonly consent: ConsentStore,
    private readonly notices: Notices,
    private readonly channels: ChannelRegistry,
    private readonly vault: Vault,
  ) {}

  async react(recorded: RecordedEvent<Disabled>): Promise<void> {
    const { event, id: personId } = recorded;
    const { endpointId, reason } = event.data;
    const user = await this.consent.user(personId);
    const endpoint = user.endpoints.find((one) => one.endpointId === endpointId);
    if (!endpoint) return; // they have removed it themselves
    const text = endpointDisabledText(languageOf(user), {
      kind: endpoint.kind,
      shown: await this.shown(endpoint),
      reason,
    });
    await this.notices.file(recorded, personId, 'endpoint-disabled', text);
  }

  private async shown({ kind, endpointId, address }: Endpoint): Promise<Record<string, string>> {
    const channel = this.channels.get(kind);
    const opened = await this.vault.open(address, aadOf.address(endpointId));
    if (!channel || opened === undefined) return {};
    const fields: unknown = JSON.parse(opened);
    return channel.fields.schema.safeParse(fields).success ? channel.show(fields) : {};
  }
}
