import { Type } from '@nestjs/common';
import { MetadataScanner, Reflector } from '@nestjs/core';
import { PATTERN_METADATA } from '@nestjs/microservices/constants';
import type { MailLinkPurpose, MailLinkRight } from '@hark/credentials';
import { HarkError } from '@hark/kernel';
import { RequestContext } from '@hark/nats';

/**
 * Who may ask. `user`, `operator` and `admin` are logged in, `service` is one of ours, `gateway` is that one alone. With
 * `app` (an app's secret), `credential` (a binding's key or an app's secret) and `owner-or-app` the secret is part of the
 * data: every caller reaches the handler, which must check it before anything else. `mail-link:` and a purpose: whoever has a
 * link of a mail for it, which opens nothing else.
 */
export type Access =
  | 'anyone'
  | 'user'
  | 'operator'
  | 'admin'
  | 'service'
  | 'gateway'
  | 'app'
  | 'credential'
  | 'owner-or-app'
  | `mail-link:${MailLinkPurpose}`;

/** Says on a handler, or on its class, who may ask. `AccessGuard` enforces it before the input is read. */
export const Requires = Reflector.createDecorator<Access>();

/** A subject that a controller serves, and who may ask it: undefined where nothing is said. */
export interface Served {
  readonly subject: string;
  readonly access: Access | undefined;
  readonly handler: unknown;
}

/** What a controller serves. */
export function servedBy(controller: Type): Served[] {
  const handlers = controller.prototype as Readonly<Record<string, () => unknown>>;
  return new MetadataScanner().getAllMethodNames(handlers).flatMap((name) => {
    const handler = handlers[name]!;
    const subjects = reflector.get<string[] | undefined>(PATTERN_METADATA, handler) ?? [];
    const access = reflector.getAllAndOverride<Access | undefined>(Requires.KEY, [handler, controller]);
    return subjects.map((subject) => ({ subject, access, handler }));
  });
}

const reflector = new Reflector();

/** The user who asks; `session.required` for everybody who is not logged in as one. */
export function requireUser({ caller }: RequestContext): string {
  if (caller.kind === 'user' && caller.userId) return caller.userId;
  throw sessionRequired('only a person who is logged in may ask this');
}

/** What the mail's link allows that was followed; `credential.not-enough` for everybody who followed none. */
export function requireLink({ caller }: RequestContext): MailLinkRight {
  if (caller.kind === 'mail-link' && caller.link) return caller.link;
  throw noSuchLink();
}

/** Throws `session.required`, `role.required` or `credential.not-enough` when the caller is not one of those who may ask. */
export function assertAccess(access: Access, request: RequestContext): void {
  const { kind, roles, service } = request.caller;
  switch (access) {
    case 'anyone':
    case 'app':
    case 'credential':
    case 'owner-or-app':
      return;
    case 'service':
      if (kind !== 'service') throw roleRequired('service');
      return;
    case 'gateway':
      // What it asks about is a session: to everybody else the answer is that there is none.
      if (kind !== 'service' || service !== 'gateway') throw sessionRequired('only the gateway may ask this');
      return;
    case 'user':
      requireUser(request);
      return;
    case 'operator':
    case 'admin':
      requireUser(request);
      if (!roles.includes(access)) throw roleRequired(access);
      return;
    case 'mail-link:mute':
    case 'mail-link:unbind':
    case 'mail-link:complain':
      if (access !== `mail-link:${requireLink(request).purpose}`) throw noSuchLink();
  }
}

const sessionRequired = (message: string) => new HarkError('refused', 'session.required', message);
const noSuchLink = () =>
  new HarkError('refused', 'credential.not-enough', 'only a link of a mail for this may ask this');
const roleRequired = (role: string) =>
  new HarkError('refused', 'role.required', `only an ${role} may ask this`, { extra: { role } });
