import { Injectable } from '@nestjs/common';
import { ChannelRegistry } from '@hark/channels';
import { aadOf, EndpointView, Locale } from '@hark/contracts';
import { Endpoint } from '@hark/gate';
import { Vault } from '@hark/vault';
import { endpointView } from './domain/views';

/** The stored part of an endpoint, from its stream or its row. */
export type KeptEndpoint = Parameters<typeof endpointView>[0] & {
  readonly address: string;
  readonly name: string | null;
};

/** Endpoints as their person sees them: secrets masked. */
@Injectable()
export class EndpointReplies {
  constructor(
    private readonly channels: ChannelRegistry,
    private readonly vault: Vault,
  ) {}

  /** One endpoint of a person's stream, with the hub's own texts in that language. */
  async view(endpoint: Endpoint, locale: Locale): Promise<EndpointView> {
    const { challenge, disabled } = endpoint;
    const kept = {
      ...endpoint,
      challengeExpiresAt: challenge?.expiresAt ?? null,
      challengeRetryAt: challenge?.sending.retryAt ?? null,
      challengeFailure: challenge?.sending.failure ?? null,
      disabledReason: disabled?.reason ?? null,
    };
    const [view] = await this.views([kept], locale);
    return view!;
  }

  /** Each in the order given. */
  async views(endpoints: readonly KeptEndpoint[], locale: Locale): Promise<EndpointView[]> {
    const addresses = endpoints.map(({ address, endpointId }) => ({ sealed: address, aad: aadOf.address(endpointId) }));
    const named = endpoints.flatMap(({ name, endpointId }) =>
      name === null ? [] : [{ endpointId, sealed: name, aad: aadOf.endpointName(endpointId) }],
    );
    const opened = await this.vault.openMany([...addresses, ...named]);
    const names = new Map(named.map(({ endpointId }, index) => [endpointId, opened[endpoints.length + index]]));
    return endpoints.map((endpoint, index) => {
      const shown = { fields: this.shown(endpoint.kind, opened[index]), name: names.get(endpoint.endpointId) };
      return endpointView(endpoint, shown, locale);
    });
  }

  private shown(kind: string, address: string | undefined): Record<string, string> {
    const channel = this.channels.get(kind);
    if (!channel || address === undefined) return {};
    const fields: unknown = JSON.parse(address);
    // Stored under older rules or settings, it may not parse; its person must still see it and be able to remove it.
    return channel.fields.schema.safeParse(fields).success ? channel.show(fields) : {};
  }
}
