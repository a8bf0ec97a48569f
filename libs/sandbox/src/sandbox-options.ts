/** Everything the sandbox can be told. Times in milliseconds. */
export interface SandboxOptions {
  /** HTTP port on the loopback interface; 0 takes a free one. */
  readonly port: number;
  /** SMTP port on the loopback interface; 0 takes a free one. */
  readonly smtpPort: number;
  /** File that keeps device keys and WeChat users over restarts; absent keeps them in memory only. */
  readonly stateFile: string | undefined;
  readonly appId: string;
  readonly appSecret: string;
  /** Whether an unregistered device key counts as a phone; a real bark-server refuses it. */
  readonly anyDevice: boolean;
  /** Newest incoming requests that the journal keeps. */
  readonly journalMax: number;
  /** Newest arrivals kept per provider, over all device keys, mailboxes and paths. */
  readonly arrivalsMax: number;
  /** How long a `slow` answer takes when the fault names no delay, and how long the mailbox `slow@` thinks. */
  readonly slowMs: number;
  /** After this long a `hang` is cut, so that a forgotten one cannot hold connections for ever. */
  readonly hangMaxMs: number;
  /** How long one `subscribe/send` occupies its openid: another within that time is refused with 43108. */
  readonly subscribeSendMs: number;
}

/** Free ports, nothing kept, and the credentials that a hub on this machine has without settings. */
export const sandboxDefaults: SandboxOptions = {
  port: 0,
  smtpPort: 0,
  stateFile: undefined,
  appId: 'wx74db71d8a9e3b699',
  appSecret: 'sandbox-secret',
  anyDevice: false,
  journalMax: 20_000,
  arrivalsMax: 20_000,
  slowMs: 2_000,
  hangMaxMs: 120_000,
  subscribeSendMs: 5,
};
