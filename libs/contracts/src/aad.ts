/**
 * The additional authenticated data (AAD) that ties each sealed field to its place: ciphertext that was moved elsewhere
 * does not decrypt. Sealing and opening must use the same function of these.
 */
export const aadOf = {
  /** A push's content, in `message.pushed` and, unchanged, in `delivery.filed`. */
  content: (pushId: string) => `message:${pushId}`,
  /** An app's own name for a person, in `binding.bound`. */
  openid: (bindingId: string) => `binding:${bindingId}`,
  /** What a person's client calls an app without an owner, in `binding.bound` and `binding.app-named`. */
  appName: (bindingId: string) => `app-name:${bindingId}`,
  /** What an app asks for, in `binding_request.opened`, and the app's `state`, in what became of it. */
  bindingRequest: (requestId: string) => `binding_request:${requestId}`,
  /** The terms that a person agreed to, in `binding.bound`, `binding.renewed` and `binding_request.approved`. */
  terms: (bindingId: string) => `terms:${bindingId}`,
  /** What a person logs in with, in `user.registered`. */
  subject: (userId: string) => `user:${userId}`,
  /** How a person is called, in `user.display-name-set`. */
  displayName: (userId: string) => `display-name:${userId}`,
  /** A further subject of theirs, in `user.identity-added`. */
  identity: (userId: string, subjectHash: string) => `identity:${userId}:${subjectHash}`,
  /** An endpoint's own fields as JSON, in `user.endpoint-added`. */
  address: (endpointId: string) => `endpoint:${endpointId}`,
  /** What a person calls an endpoint, in `user.endpoint-renamed`. */
  endpointName: (endpointId: string) => `endpoint-name:${endpointId}`,
  /** A challenge's code, in `user.endpoint-challenged`. */
  code: (endpointId: string) => `code:${endpointId}`,
  /** The secret of a second factor, in `user.totp-enrolled`. */
  totpSecret: (userId: string) => `totp:${userId}`,
  /** The address and the code of a log-in by mail, in `log_in.challenged`. */
  /** What is known of a browser that waits to be logged in, in `device_log_in.opened`. */
  deviceLogIn: (id: string) => `device-log-in:${id}`,
  logIn: (challengeId: string, part: 'address' | 'code') => `log-in:${challengeId}:${part}`,
  /** WeChat's session_key, in `session.started`. */
  sessionKey: (sessionId: string) => `session:${sessionId}`,
  /** The openid whose session_key it is, in `session.started`. */
  sessionSubject: (sessionId: string) => `session-subject:${sessionId}`,
  /** What the connection showed of the client, in `session.started`. */
  sessionClient: (sessionId: string) => `session-client:${sessionId}`,
  /** What a person wrote with a complaint, in `complaint.complained`. */
  complaintNote: (complaintId: string) => `complaint:${complaintId}`,
  /** What a penalised owner wrote with an appeal, in `complaint.appealed`. */
  appealNote: (complaintId: string) => `appeal:${complaintId}`,
} as const;
