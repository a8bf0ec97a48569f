import { Injectable, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { changeSubjects } from '@hark/contracts';
import { ChangePublisher, RpcClient } from '@hark/nats';
import { ReadModel } from '@hark/readmodel';
import { pushesProjection } from '../push-summaries.read-model';

/** Tells those who keep a stream open of which apps pushes have changed, as soon as a read sees it. */
@Injectable()
export class PushNotices implements OnModuleInit, OnApplicationShutdown {
  private readonly publisher: ChangePublisher;

  constructor(
    private readonly readModel: ReadModel,
    requests: RpcClient,
  ) {
    this.publisher = new ChangePublisher(requests.connection, changeSubjects.pushes);
  }

  onModuleInit(): void {
    this.readModel.onWritten(pushesProjection, (rows) =>
      this.publisher.changed((rows as { app_id: string }[] | undefined)?.map(({ app_id }) => app_id)),
    );
  }

  onApplicationShutdown(): void {
    this.publisher.close();
  }
}
