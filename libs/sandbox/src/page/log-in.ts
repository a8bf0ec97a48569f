import { problem, type Reply, reply } from '../http/exchange';
import type { Sandbox } from '../sandbox';
import { hubUrlUsual } from './hub-url';

const openidPattern = /^[\w-]{1,64}$/;

/**
 * Leads a browser back to the hub's console with a code of `wx.login` for `openid`, as if WeChat had said who it is. To
 * no other place: a page of somebody else's that leads here learns nothing.
 */
export function logIn({ hub, wechat }: Sandbox, openid: string | null): Reply {
  if (openid === null || !openidPattern.test(openid))
    return problem(400, 'request.invalid', 'openid must be 1 to 64 letters, digits, _ or -');
  const code = wechat.users.mint({ openid });
  const location = `${hub?.url ?? hubUrlUsual}/sandbox-login#code=${code}`;
  return reply(302, 'text/plain; charset=utf-8', '', {
    location,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  });
}
