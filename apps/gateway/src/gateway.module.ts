import { Module } from '@nestjs/common';

/** The gateway has no controllers: everything it serves is a row of `routes/all-routes.ts`. */
@Module({})
export class GatewayModule {}
