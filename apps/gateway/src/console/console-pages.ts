/** The paths at which the console is served: what its router knows. Every other path is the API's, or unknown. */
export const consolePages = [
  '/',
  '/inbox/:inboxItemId',
  '/apps',
  '/channels',
  '/complaints',
  '/consent/:requestId',
  '/developer',
  '/developer/:appId',
  '/device',
  '/ops',
  '/ops/second-factor',
  '/sandbox-login',
  '/settings',
] as const;
