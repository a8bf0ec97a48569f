import { runMain } from '@hark/service';
import { startGateway } from './gateway';

/** Starts the gateway; see `gateway.ts`. */
export const start = startGateway;

if (require.main === module) void runMain(start);
