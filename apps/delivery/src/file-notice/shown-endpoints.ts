import { Injectable } from '@nestjs/common';
import { ChannelRegistry } from '@hark/channels';
import { aadOf } from '@hark/contracts';
import { Endpoint } from '@hark/gate';
import { Vault } from '@hark/vault';

/** Endpoints as their person may see them again: secrets masked. */
@Injectable()
export class ShownEndpoints {
  constructor(
    private readonly channels: ChannelRegistry,
    private readonly vault: Vault,
  ) {}

  /** Its own fields; none where its person is no more, or where it was stored under older rules. */
  async of({ kind, endpointId, address }: Endpoint): Promise<Record<string, string>> {
    const channel = this.channels.get(kind);
    const opened = await this.vault.open(address, aadOf.address(endpointId));
    if (!channel || opened === undefined) return {};
    const fields: unknown = JSON.parse(opened);
    return channel.fields.schema.safeParse(fields).success ? channel.show(fields) : {};
  }
}
