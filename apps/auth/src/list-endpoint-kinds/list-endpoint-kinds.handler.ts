import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { ChannelRegistry } from '@hark/channels';
import { authSubjects, EndpointKindsReply, EndpointKindView, noFields, type Reply } from '@hark/contracts';
import { optional } from '@hark/kernel';
import { Input, Requires } from '@hark/service';

/** The kinds this hub has: open to everybody. */
@Controller()
@Requires('anyone')
export class ListEndpointKindsHandler {
  private readonly items: readonly EndpointKindView[];

  constructor(channels: ChannelRegistry) {
    this.items = channels.kinds().map((kind) => viewOf(channels, kind));
  }

  @MessagePattern(authSubjects.listEndpointKinds)
  handle(@Input(noFields) _: z.infer<typeof noFields>): Reply<EndpointKindsReply> {
    return { body: { items: this.items } };
  }
}

function viewOf(channels: ChannelRegistry, kind: string): EndpointKindView {
  const { schema, secret, filledIn, applicationServerKey } = channels.get(kind)!.fields;
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const fields = Object.entries(properties)
    .filter(([name]) => name !== filledIn)
    .map(([name, property]) => ({
      name,
      type: typeof property === 'object' && typeof property.type === 'string' ? property.type : 'string',
      required: required.includes(name),
      secret: secret.includes(name),
    }));
  return { kind, fields, ...optional('applicationServerKey', applicationServerKey) };
}
