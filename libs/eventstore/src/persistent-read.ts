import { EventEmitter } from 'node:events';
import { convertToCommandError, EventStoreDBClient } from '@eventstore/db-client';
import { ReadReq } from '@eventstore/db-client/generated/persistent_pb';
import { Empty, UUID } from '@eventstore/db-client/generated/shared_pb';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import { Delivered, deliveredOf } from './log-event';
import { openPersistent } from './open-client';

type Received = ReturnType<typeof deliveredOf>;

interface Events {
  confirmation: [];
  event: [Delivered];
  /** It is over; the error it ended with, or undefined when the server ended it. */
  over: [unknown];
}

/**
 * One Read call of a persistent subscription to `$all` (EventStoreDB's persistent.proto), by which the client (6.2.1)
 * subscribes too; this one decodes an event once and straight into ours.
 */
export class PersistentRead extends EventEmitter<Events> {
  private call: ClientDuplexStream<ReadReq, Received> | undefined;
  private isOver = false;

  /** Subscribes to `group`; at most `bufferSize` events wait for an answer at a time. */
  constructor(client: EventStoreDBClient, group: string, bufferSize: number) {
    super();
    openPersistent(client, deliveredOf).then(
      (call) => this.begin(call, group, bufferSize),
      (error: unknown) => this.end(error),
    );
  }

  /** These events are done with. One message for all of them. */
  ack(eventIds: readonly string[]): void {
    this.call?.write(new ReadReq().setAck(new ReadReq.Ack().setIdsList(eventIds.map(uuidOf))));
  }

  /** This event is not done with: it comes again (`RETRY`) or is set aside (`PARK`). */
  nack(action: 'PARK' | 'RETRY', reason: string, eventId: string): void {
    const nack = new ReadReq.Nack().setAction(ReadReq.Nack.Action[action]).setReason(reason);
    this.call?.write(new ReadReq().setNack(nack.setIdsList([uuidOf(eventId)])));
  }

  /** Ends the call: what was not acknowledged goes back to the group. */
  cancel(): void {
    this.isOver = true;
    // At once it would overtake acknowledgements that were just written (grpc-node issues 1464, 1652).
    setImmediate(() => this.call?.cancel());
  }

  private begin(call: ClientDuplexStream<ReadReq, Received>, group: string, bufferSize: number): void {
    this.call = call;
    call.on('error', (error) => this.end(error));
    call.on('end', () => this.end(undefined));
    call.on('data', (received: Received) => this.take(received));
    if (this.isOver) return call.cancel();
    const uuids = new ReadReq.Options.UUIDOption().setString(new Empty());
    const options = new ReadReq.Options().setAll(new Empty()).setGroupName(group).setBufferSize(bufferSize);
    call.write(new ReadReq().setOptions(options.setUuidOption(uuids)));
  }

  private take(received: Received): void {
    if (received === 'confirmation') this.emit('confirmation');
    else if (received !== 'other') this.emit('event', received);
  }

  private end(error: unknown): void {
    if (this.isOver) return;
    this.isOver = true;
    this.emit('over', error instanceof Error ? convertToCommandError(error) : error);
  }
}

const uuidOf = (text: string): UUID => new UUID().setString(text);
