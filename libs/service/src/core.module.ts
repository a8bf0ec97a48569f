import { DynamicModule, Global, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { EventStore } from '@hark/eventstore';
import { Clock, Logger } from '@hark/kernel';
import { RpcClient } from '@hark/nats';
import { Pages, ReadModel } from '@hark/readmodel';
import { Vault } from '@hark/vault';
import { Config } from './config';
import { CredentialUses } from './credential-uses';
import { GuessLimits } from './guess-limits';
import { HubRefusals } from './hub-refusals';
import { Keys } from './keys';
import { Metrics } from './metrics';

/** What every service can inject, by class: its settings, keys, clock, log and ways to the stores. */
export interface ServiceContext {
  readonly config: Config;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly hubRefusals: HubRefusals;
  readonly eventStore: EventStore;
  readonly vault: Vault;
  readonly requests: RpcClient;
  readonly database: DataSource;
  readonly readModel: ReadModel;
  readonly guessLimits: GuessLimits;
  readonly credentialUses: CredentialUses;
}

/** Provides `Config, Keys, Clock, Logger, Metrics, HubRefusals, EventStore, Vault, RpcClient, DataSource, ReadModel, Pages, GuessLimits, CredentialUses` everywhere. */
@Global()
@Module({})
export class CoreModule {
  /** The module over what `bootstrap` has already opened; closing it is not Nest's business. */
  static forRoot(core: ServiceContext): DynamicModule {
    const providers = [
      { provide: Config, useValue: core.config },
      { provide: Keys, useValue: core.keys },
      { provide: Clock, useValue: core.clock },
      { provide: Logger, useValue: core.log },
      { provide: Metrics, useValue: core.metrics },
      { provide: HubRefusals, useValue: core.hubRefusals },
      { provide: EventStore, useValue: core.eventStore },
      { provide: Vault, useValue: core.vault },
      { provide: RpcClient, useValue: core.requests },
      { provide: DataSource, useValue: core.database },
      { provide: ReadModel, useValue: core.readModel },
      { provide: GuessLimits, useValue: core.guessLimits },
      { provide: CredentialUses, useValue: core.credentialUses },
      { provide: Pages, useValue: new Pages(core.database, core.readModel) },
    ];
    return { module: CoreModule, providers, exports: providers.map(({ provide }) => provide) };
  }
}
