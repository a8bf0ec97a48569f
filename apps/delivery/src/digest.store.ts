import { Injectable } from '@nestjs/common';
import { DigestEvent } from '@hark/contracts';
import { DeciderStore, EventStore } from '@hark/eventstore';
import { IsoTime, uuid5 } from '@hark/kernel';
import { digestDecider, DigestLead, LeadDigest } from './domain/digest.decider';

/** The `digest-` streams, one for each endpoint and time. Only this service writes them. */
@Injectable()
export class DigestStore extends DeciderStore<DigestLead, LeadDigest, DigestEvent> {
  constructor(store: EventStore) {
    super(store, 'digest', digestDecider, { entriesMax: 1_000 });
  }
}

/** The stream of the digest that rings at that endpoint then. Stored: never change it. */
export const digestIdOf = (endpointId: string, at: IsoTime): string => uuid5(endpointId, `digest:${at}`);
