import { ArgumentsHost, Catch, ExceptionFilter } from '@nestjs/common';
import { Observable, throwError } from 'rxjs';
import { HarkError } from '@hark/kernel';
import { HarkContext } from './request-context';
import type { Log } from './log';

/**
 * The one place where a handler's failure is logged: a HarkError by its code, anything else with its stack, because it is
 * a defect. What reaches the caller is made of the same error by `HarkNatsServer`. Register it as `APP_FILTER`: without
 * it Nest replaces every error by "Internal server error" before the server sees it.
 */
@Catch()
export class HarkErrorFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): Observable<never> {
    const context: unknown = host.switchToRpc().getContext();
    const where =
      context instanceof HarkContext ? { subject: context.request.subject, requestId: context.request.requestId } : {};
    if (error instanceof HarkError)
      this.log.info({ ...where, code: error.code, kind: error.kind }, 'request not carried out');
    else this.log.error({ ...where, err: error }, 'request failed');
    return throwError(() => error);
  }
}
