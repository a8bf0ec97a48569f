import { hub, type Schemas } from './hub';
import { logInAnew } from './session';

/**
 * Asks WeChat for the person's profile and lets the hub decrypt it. Called on a touch alone, as WeChat wants it; today's
 * WeChat answers a grey picture and 微信用户 (WeChat docs: wx.getUserProfile), so nothing depends on it. `why` is shown in WeChat's
 * dialog. Before encrypted data is used, and only then, WeChat is asked whether its session key still lives.
 */
export async function sendWechatProfile(why: string): Promise<Schemas['WechatProfile']> {
  const asked = wx.getUserProfile({ desc: why });
  try {
    await wx.checkSession();
  } catch {
    await logInAnew();
  }
  const { encryptedData, iv, rawData, signature } = await asked;
  return hub('post', '/v1/me/wechat-profile', { body: { encryptedData, iv, rawData, signature } });
}
