import { Config } from '@hark/service';
import { ModerationConfig } from './moderation.config';

const stores = {
  EVENTSTORE_URL: 'esdb://localhost:1',
  NATS_URL: 'nats://localhost:1',
  DATABASE_URL: 'postgres://localhost:1/hark',
  HARK_MASTER_KEY: Buffer.alloc(32).toString('base64'),
};
const wechatOf = (env: Readonly<Record<string, string>>) =>
  new ModerationConfig(new Config({ ...stores, ...env })).wechat;

it('judges without WeChat where no mini program is named', () =>
  expect(wechatOf({ WECHAT_APP_SECRET: 's' })).toBeNull());

it('asks the real WeChat unless told where else', () => {
  const named = { WECHAT_APP_ID: 'wx1', WECHAT_APP_SECRET: 's' };
  expect(wechatOf(named)).toEqual({ appId: 'wx1', appSecret: 's', baseUrl: 'https://api.weixin.qq.com' });
  expect(wechatOf({ ...named, WECHAT_BASE_URL: 'http://localhost:2' })?.baseUrl).toBe('http://localhost:2');
});

it.each([
  [{ WECHAT_APP_ID: 'wx1' }, 'WECHAT_APP_SECRET is not set'],
  [{ WECHAT_APP_ID: 'wx1', WECHAT_APP_SECRET: 's', WECHAT_BASE_URL: 'ftp://x' }, 'WECHAT_BASE_URL must begin with'],
])('does not start half configured: %j', (env, reason) => expect(() => wechatOf(env)).toThrow(reason));
