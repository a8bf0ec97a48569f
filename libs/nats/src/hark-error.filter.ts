import { Catch, ExceptionFilter } from '@nestjs/common';
import { Observable, throwError } from 'rxjs';

/**
 * Passes a handler's error on to `HarkNatsServer`, which logs it and makes the reply. Register it as `APP_FILTER`;
 * without it Nest replaces every error by "Internal server error" before the server sees it.
 */
@Catch()
export class HarkErrorFilter implements ExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}
