import { Channel } from './channel';

/** The channels this hub has, by kind. */
export class ChannelRegistry {
  private readonly channels: ReadonlyMap<string, Channel>;

  constructor(channels: readonly Channel[]) {
    this.channels = new Map(channels.map((channel) => [channel.kind, channel]));
    if (this.channels.size !== channels.length) throw new Error('two channels of one kind');
  }

  /** The channel of a kind, if there is one. */
  get(kind: string): Channel | undefined {
    return this.channels.get(kind);
  }

  /** Every kind, in the order given. */
  kinds(): readonly string[] {
    return [...this.channels.keys()];
  }
}
