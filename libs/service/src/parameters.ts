import { createParamDecorator, ExecutionContext } from '@nestjs/common';
import { HarkContext, requestContextOf } from '@hark/nats';
import { requireLink, requireUser } from './access';
import { commandContext } from './command-context';

const requestOf = (context: ExecutionContext) => requestContextOf(context.switchToRpc().getContext<HarkContext>());

/** The id of the user who asks. Throws `session.required` where somebody else may ask too. */
export const UserId = createParamDecorator((_: unknown, context: ExecutionContext) => requireUser(requestOf(context)));

/** What the link of a mail allows that was followed. Throws `credential.not-enough` where somebody else may ask too. */
export const Link = createParamDecorator((_: unknown, context: ExecutionContext) => requireLink(requestOf(context)));

/** The `CommandContext` of the request: what is recorded beside the events of a command, with the caller as its actor. */
export const CommandCtx = createParamDecorator((_: unknown, context: ExecutionContext) =>
  commandContext(requestOf(context)),
);
