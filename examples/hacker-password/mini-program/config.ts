/** The server of this example. */
export const serverUrl = 'http://localhost:3200';

/** Hark's mini program: on the sandbox this one; of another hub its operator tells you. */
export const harkAppId = 'wx74db71d8a9e3b699';
