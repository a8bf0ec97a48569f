import type { FastifyRequest } from 'fastify';

type IncomingMessage = FastifyRequest['raw'];

/** Counts for each connection the requests that are not answered yet. */
export class PipelineBound {
  private readonly open = new WeakMap<IncomingMessage['socket'], number>();

  constructor(private readonly pipelinedMax: number) {}

  /**
   * Notes a request; false when its connection has too many unanswered ones. Call `ended` for each, refused ones too.
   */
  began({ socket }: IncomingMessage): boolean {
    const open = (this.open.get(socket) ?? 0) + 1;
    this.open.set(socket, open);
    return open <= this.pipelinedMax;
  }

  ended({ socket }: IncomingMessage): void {
    this.open.set(socket, (this.open.get(socket) ?? 1) - 1);
  }
}
