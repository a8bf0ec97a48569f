import { hub, type Schemas } from './hub';
import { Problem } from './problem';
import { logInAnew } from './session';

/**
 * Asks WeChat for the person's profile and lets the hub decrypt it. Called on a touch, as WeChat wants it; today's WeChat
 * answers a grey picture and 微信用户 (WeChat docs: wx.getUserProfile), so nothing depends on it. `why` is shown in WeChat's dialog.
 * Before encrypted data is used, and only then, WeChat is asked whether its session key still lives. `undefined` when it did
 * not: there is a new one now, for the next touch, as this one's profile was encrypted by the old.
 */
export async function sendWechatProfile(why: string): Promise<Schemas['WechatProfile'] | undefined> {
  const asked = wx.getUserProfile({ desc: why });
  const profile = asked.catch(() => undefined);
  if (!(await keyLives())) {
    await logInAnew();
    return undefined;
  }
  const given = await profile;
  // The person said no in WeChat's dialog.
  if (!given) return {};
  const { encryptedData, iv, rawData, signature } = given;
  try {
    return await hub('post', '/v1/me/wechat-profile', { body: { encryptedData, iv, rawData, signature } });
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'wechat.session-expired') throw error;
    await logInAnew();
    return undefined;
  }
}

const keyLives = (): Promise<boolean> =>
  new Promise((resolve) => wx.checkSession({ success: () => resolve(true), fail: () => resolve(false) }));
