import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { z } from 'zod';
import { ChannelRegistry } from '@hark/channels';
import { authSubjects, noFields, parse } from '@hark/contracts';
import type { Reply } from '@hark/nats';

/** A kind of endpoint with the fields that adding one takes. */
export interface EndpointKindView {
  readonly kind: string;
  readonly fields: readonly {
    readonly name: string;
    /** `string`, `boolean` or `object`. */
    readonly type: string;
    readonly required: boolean;
    /** Never shown again in full. */
    readonly secret: boolean;
  }[];
}

/** The kinds this hub has: open to everybody. */
@Controller()
export class ListEndpointKindsHandler {
  private readonly items: readonly EndpointKindView[];

  constructor(channels: ChannelRegistry) {
    this.items = channels.kinds().map((kind) => viewOf(channels, kind));
  }

  @MessagePattern(authSubjects.listEndpointKinds)
  handle(@Payload() body: unknown): Reply<{ readonly items: readonly EndpointKindView[] }> {
    parse(noFields, body);
    return { body: { items: this.items } };
  }
}

function viewOf(channels: ChannelRegistry, kind: string): EndpointKindView {
  const { schema, secret } = channels.get(kind)!.fields;
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const fields = Object.entries(properties).map(([name, property]) => ({
    name,
    type: typeof property === 'object' && typeof property.type === 'string' ? property.type : 'string',
    required: required.includes(name),
    secret: secret.includes(name),
  }));
  return { kind, fields };
}
