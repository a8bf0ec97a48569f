import { Injectable, OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { outboundSettings } from '@hark/outbound';
import { Config, Keys } from '@hark/service';
import { ChannelRegistry } from './channel-registry';
import { ErasureMail } from './erasure-mail';
import { LogInMail } from './log-in-mail';
import { channelSettings, OpenChannels, openChannels } from './open-channels';

/** The ways a service reaches people: opened with it, closed with it. */
@Injectable()
export class Channels implements OnModuleDestroy {
  private readonly open: OpenChannels;

  constructor(config: Config, keys: Keys, database: DataSource) {
    this.open = openChannels(config.read({ ...channelSettings, ...outboundSettings }), keys.webPush, database);
  }

  get registry(): ChannelRegistry {
    return this.open.registry;
  }

  get logInMail(): LogInMail {
    return this.open.logInMail;
  }

  get erasureMail(): ErasureMail {
    return this.open.erasureMail;
  }

  onModuleDestroy(): Promise<void> {
    return this.open.close();
  }
}
