import { z } from 'zod';
import { ErrorCode } from '@hark/kernel';
import { RequestContext } from '@hark/nats';
import { assertAccess, requireUser } from './access';
import { InputPipe } from './input.pipe';

/** The operator who asks; `role.required` for everybody without that role. */
export function requireOperator(request: RequestContext): string {
  assertAccess('operator', request);
  return requireUser(request);
}

/** The admin who asks; `role.required` for everybody without that role. */
export function requireAdmin(request: RequestContext): string {
  assertAccess('admin', request);
  return requireUser(request);
}

/** The request by its schema, where a malformed id in `name` is answered like one that does not exist. */
export const parseWithId = <S extends z.ZodType>(
  schema: S,
  body: unknown,
  name: string,
  code: ErrorCode,
): z.output<S> => new InputPipe(schema, { [name]: code } as never).transform(body);
