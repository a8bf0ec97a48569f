import { CanActivate, ExecutionContext, Injectable, OnModuleInit, Type } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { HarkContext, requestContextOf } from '@hark/nats';
import { Access, assertAccess, servedBy } from './access';

/**
 * Decides by the caller alone, before the input is read, so that somebody without access learns nothing from input
 * errors.
 */
@Injectable()
export class AccessGuard implements CanActivate, OnModuleInit {
  /** Read once at the start: a request costs one look-up. */
  private readonly accessOf = new Map<unknown, Access>();

  constructor(private readonly discovery: DiscoveryService) {}

  /** Throws at start for a handler that does not say who may ask. */
  onModuleInit(): void {
    const controllers = this.discovery.getControllers().map(({ metatype }) => metatype as Type);
    for (const { subject, handler, access } of controllers.flatMap(servedBy)) {
      if (access === undefined) throw new TypeError(`nothing says who may ask ${subject}: its handler needs @Requires`);
      this.accessOf.set(handler, access);
    }
  }

  canActivate(context: ExecutionContext): true {
    const access = this.accessOf.get(context.getHandler());
    if (access === undefined) throw new TypeError('nothing says who may ask this');
    assertAccess(access, requestContextOf(context.switchToRpc().getContext<HarkContext>()));
    return true;
  }
}
