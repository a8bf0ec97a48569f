import { join } from 'node:path';
import { Running } from '@hark/kernel';

/** In the order they start: a service starts after those that it asks. */
export const serviceNames = ['auth', 'intake', 'moderation', 'delivery', 'complaints', 'gateway'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** The built `main.js` of an app. Loaded at run time: nothing imports an app. */
export const mainOf = (app: string): string => join(__dirname, '..', '..', '..', app, 'dist', 'main.js');

interface ServiceModule {
  readonly start: (env: NodeJS.ProcessEnv) => Promise<Running & { url?: string; healthUrl?: string }>;
}

/** Starts a service inside this process. */
export async function startHere<T extends Running = Running>(app: string, env: NodeJS.ProcessEnv): Promise<T> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- chosen at run time, so that no app is imported
  const { start } = require(mainOf(app)) as ServiceModule;
  return (await start(env)) as unknown as T;
}
