import { isEventSigned, openEvent } from './pushed-event';
import { WechatError } from './wechat-error';

// The vectors of WeChat's own page on message push.
const receiver = { appId: 'wxba5fad812f8e6fb9', token: 'AAAAA', aesKey: 'A'.repeat(43) };
const encrypted =
  '+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04=';
const safe = {
  timestamp: '1714112445',
  nonce: '415670741',
  signature: '046e02f8204d34f8ba5fa3b1db94908f3df2e9b3',
};

describe('what WeChat pushes', () => {
  it.each([
    ['check of the address', '1714036504', '1514711492', 'f464b24fc39322e44b38aa78f5edd27bd1441696'],
    ['push in clear', '1714037059', '486452656', '899cf89e464efb63f54ddac96b0a0a235f53aa78'],
  ])('is known by its signature: %s', (_, timestamp, nonce, signature) => {
    const said = { timestamp, nonce, signature };
    expect(isEventSigned(receiver, said)).toBe(true);
    for (const wrong of [
      { ...said, nonce: `${nonce}0` },
      { ...said, timestamp: `${Number(timestamp) + 1}` },
      { ...said, signature: '' },
      { ...said, signature: signature.slice(2) },
      { ...said, signature: 'not hex'.padEnd(40) },
    ])
      expect(isEventSigned(receiver, wrong)).toBe(false);
    expect(isEventSigned({ token: 'AAAAB' }, said)).toBe(false);
  });

  it('encrypted is signed with what it holds, and opens with the key', () => {
    expect(isEventSigned(receiver, safe, encrypted)).toBe(true);
    expect(isEventSigned(receiver, safe)).toBe(false);
    expect(isEventSigned(receiver, safe, encrypted.replace('+', '-'))).toBe(false);
    expect(openEvent(receiver, encrypted)).toEqual({
      ToUserName: 'gh_97417a04a28d',
      FromUserName: 'o9AgO5Kd5ggOC-bXrbNODIiE3bGY',
      CreateTime: 1_714_112_445,
      MsgType: 'event',
      Event: 'debug_demo',
      debug_str: 'hello world',
    });
    const reply = 'ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==';
    expect(openEvent(receiver, reply)).toEqual({ demo_resp: 'good luck' });
  });

  it.each([
    ['another mini program’s', { ...receiver, appId: 'wx0000000000000000' }, encrypted],
    ['under another key', { ...receiver, aesKey: 'B'.repeat(43) }, encrypted],
    ['without a key', { ...receiver, aesKey: undefined }, encrypted],
    ['cut short', receiver, encrypted.slice(0, 128)],
    ['none', receiver, ''],
    ['no base64', receiver, '?'.repeat(64)],
  ])('encrypted and %s does not open', (_, by, text) => {
    expect(() => openEvent(by, text)).toThrow(new WechatError('BAD_REQUEST', 'event decrypt'));
  });
});
