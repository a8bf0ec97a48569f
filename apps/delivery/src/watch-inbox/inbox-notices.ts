import { Injectable, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { changeSubjects } from '@hark/contracts';
import { ChangePublisher, RpcClient } from '@hark/nats';
import { ReadModel } from '@hark/readmodel';
import { inboxProjection, InboxRow } from '../inbox-row.read-model';

/** Tells those who keep a stream open whose inbox has changed, as soon as a read sees it. */
@Injectable()
export class InboxNotices implements OnModuleInit, OnApplicationShutdown {
  private readonly publisher: ChangePublisher;

  constructor(
    private readonly readModel: ReadModel,
    requests: RpcClient,
  ) {
    this.publisher = new ChangePublisher(requests.connection, changeSubjects.inbox);
  }

  onModuleInit(): void {
    this.readModel.onWritten(inboxProjection, (rows) =>
      this.publisher.changed(
        (rows as InboxRow[] | undefined)?.filter(({ change }) => change !== null).map(({ person_id }) => person_id),
      ),
    );
  }

  onApplicationShutdown(): void {
    this.publisher.close();
  }
}
