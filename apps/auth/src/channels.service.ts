import { Injectable, OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ChannelRegistry, channelSettings, OpenChannels, openChannels } from '@hark/channels';
import { outboundSettings } from '@hark/outbound';
import { Config } from '@hark/service';

/** The ways to reach people, for their challenges: opened with the service, closed with it. */
@Injectable()
export class Channels implements OnModuleDestroy {
  private readonly open: OpenChannels;

  constructor(config: Config, database: DataSource) {
    this.open = openChannels(config.read({ ...channelSettings, ...outboundSettings }), database);
  }

  get registry(): ChannelRegistry {
    return this.open.registry;
  }

  onModuleDestroy(): Promise<void> {
    return this.open.close();
  }
}
