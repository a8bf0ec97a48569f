import { authSubjects, OpenedDeviceLogIn, Reply, SessionReply } from '@hark/contracts';
import { RpcOptions } from '@hark/nats';
import { AuthWorld } from './auth-world.fixture';

const publicUrl = 'https://hark.example/';
const userAgent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36';

/** The browser that asks to be logged in: Chrome 131 on Windows, in 203.0.113.0/24. */
export const browser = { client: { address: '203.0.113.7', userAgent } };

/** A browser asks to be logged in. */
export const openDeviceLogIn = async (auth: AuthWorld, meta: RpcOptions = browser): Promise<OpenedDeviceLogIn> =>
  (await auth.ask<OpenedDeviceLogIn>(authSubjects.openDeviceLogIn, { publicUrl }, meta)).body;

/** The browser asks for its session. */
export const pollDeviceLogIn = (
  auth: AuthWorld,
  deviceCode: string,
  meta: RpcOptions = browser,
): Promise<Reply<SessionReply>> =>
  auth.ask<SessionReply>(authSubjects.logInByDevice, { provider: 'device', deviceCode }, meta);
