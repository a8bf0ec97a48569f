import { Injectable } from '@nestjs/common';
import { ChannelRegistry } from '@hark/channels';
import { aadOf, UserEvent } from '@hark/contracts';
import { reactionContext, Reactor, RecordedEvent } from '@hark/eventstore';
import { Endpoint, languageOf } from '@hark/gate';
import { Clock, HarkError, uuid5 } from '@hark/kernel';
import { Vault } from '@hark/vault';
import { ConsentStore } from '../consent.store';
import { NoticeStore } from '../notice.store';
import { endpointDisabledText } from './notice-words';

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
    private readonly notices: NoticeStore,
    private readonly channels: ChannelRegistry,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  async react(recorded: RecordedEvent<Disabled>): Promise<void> {
    const { event, id: personId, eventId } = recorded;
    const { endpointId, reason } = event.data;
    const user = await this.consent.user(personId);
    const endpoint = user.endpoints.find((one) => one.endpointId === endpointId);
    if (!endpoint) return; // they have removed it themselves
    const noticeId = uuid5(eventId, 'notice');
    const text = endpointDisabledText(languageOf(user), {
      kind: endpoint.kind,
      shown: await this.shown(endpoint),
      reason,
    });
    const content = await this.sealed(personId, noticeId, JSON.stringify(text));
    if (content === undefined) return;
    const notice = { personId, content, topic: 'endpoint-disabled', at: this.clock.now() };
    await this.notices.execute(noticeId, { type: 'File', notice }, reactionContext(recorded, 'delivery'));
  }

  private async shown({ kind, endpointId, address }: Endpoint): Promise<Record<string, string>> {
    const channel = this.channels.get(kind);
    const opened = await this.vault.open(address, aadOf.address(endpointId));
    if (!channel || opened === undefined) return {};
    const fields: unknown = JSON.parse(opened);
    return channel.fields.schema.safeParse(fields).success ? channel.show(fields) : {};
  }

  /** Undefined when the person has been erased: there is nobody to tell. */
  private async sealed(personId: string, noticeId: string, text: string): Promise<string | undefined> {
    try {
      return await this.vault.seal(personId, text, aadOf.content(noticeId));
    } catch (error) {
      if (error instanceof HarkError && error.code === 'person.erased') return undefined;
      throw error;
    }
  }
}
