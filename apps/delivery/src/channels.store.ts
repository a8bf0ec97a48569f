import { ChannelRegistry, channelSettings, openChannels, OpenChannels } from '@hark/channels';
import { outboundSettings } from '@hark/outbound';
import { Config } from '@hark/service';
import { Injectable, OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** The channels of this service: opened with it, closed with it. */
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
