import { NatsContext } from '@nestjs/microservices';
import { MsgHdrs } from 'nats';
import { RequestContext } from './request-context';

/** The Nest context of a request to Hark: handlers take it by `@Ctx()` and ask `requestContextOf`. */
export class HarkContext extends NatsContext {
  constructor(
    headers: MsgHdrs | undefined,
    readonly request: RequestContext,
  ) {
    super([request.subject, headers]);
  }
}

/** Everything about the request that a handler is answering. Works only behind `HarkNatsServer`. */
export function requestContextOf(context: NatsContext): RequestContext {
  if (context instanceof HarkContext) return context.request;
  throw new TypeError('this request did not come through HarkNatsServer');
}
