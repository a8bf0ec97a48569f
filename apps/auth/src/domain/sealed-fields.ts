// The additional authenticated data of every sealed field: a ciphertext copied to another place does not open there.
// Stored for ever.

/** The openid or address a person logs in with. */
export const subjectAad = (userId: string): string => `user:${userId}`;
/** An endpoint's own fields as JSON. */
export const endpointAad = (endpointId: string): string => `endpoint:${endpointId}`;
/** A challenge's code. */
export const codeAad = (endpointId: string): string => `code:${endpointId}`;
/** The app's name for a person. */
export const openidAad = (bindingId: string): string => `binding:${bindingId}`;
/** WeChat's key of a session. */
export const sessionKeyAad = (sessionId: string): string => `session:${sessionId}`;
