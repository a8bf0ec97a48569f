import { Injectable } from '@nestjs/common';
import { UserEvent } from '@hark/contracts';
import { Reactor, RecordedEvent } from '@hark/eventstore';
import { languageOf } from '@hark/gate';
import { ConsentStore } from '../consent.store';
import { endpointDisabledText } from './notice-words';
import { Notices } from './notices';
import { ShownEndpoints } from './shown-endpoints';

type Disabled = Extract<UserEvent, { type: 'user.endpoint-disabled' }>;

/**
 * Tells a person in their inbox, in their language, that an endpoint was switched off. Not sent through any
 * channel; where the endpoint may be somebody else's, `TellElsewhereReactor` does that.
 */
@Injectable()
export class FileNoticeReactor implements Reactor<Disabled> {
  readonly group = 'delivery.file-notice';
  readonly reactsTo = ['user.endpoint-disabled'];

  constructor(
    private readonly consent: ConsentStore,
    private readonly notices: Notices,
    private readonly shown: ShownEndpoints,
  ) {}

  async react(recorded: RecordedEvent<Disabled>): Promise<void> {
    const { event, id: personId } = recorded;
    const { endpointId, reason } = event.data;
    const user = await this.consent.user(personId);
    const endpoint = user.endpoints.find((one) => one.endpointId === endpointId);
    if (!endpoint) return; // they have removed it themselves
    const text = endpointDisabledText(languageOf(user), {
      kind: endpoint.kind,
      shown: await this.shown.of(endpoint),
      reason,
    });
    await this.notices.file(recorded, personId, 'endpoint-disabled', text);
  }
}
