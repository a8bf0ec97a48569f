import { verifyWebhook } from './verify-webhook';

// The vector of Standard Webhooks 1.0.0.
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const body = '{"test": 2432232314}';
const headers = {
  'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  'webhook-timestamp': '1614265330',
  'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};
const sentMs = 1_614_265_330_000;
const check = (changed: object = {}, aheadMs = 0, text = body) =>
  verifyWebhook(secret, { ...headers, ...changed }, text, sentMs + aheadMs);

describe('a call to an app’s server', () => {
  it.each([0, 299_999, -299_999])('is valid %i ms after it was sent', (ahead) =>
    expect(check({}, ahead)).toBe('valid'),
  );
  it.each([300_001, -300_001, 86_400_000])('is old, a recorded one sent again, %i ms after', (ahead) =>
    expect(check({}, ahead)).toBe('old'),
  );
  it('is valid by one of several signatures', () =>
    expect(check({ 'webhook-signature': `v1,AAAA ${headers['webhook-signature']}` })).toBe('valid'));
  it.each<[string, object]>([
    ['another id', { 'webhook-id': 'msg_other' }],
    ['another time', { 'webhook-timestamp': '1614265331' }],
    ['a time that is none', { 'webhook-timestamp': '1614265330.0' }],
    ['another signature', { 'webhook-signature': `v1,${'A'.repeat(43)}=` }],
    ['another version', { 'webhook-signature': headers['webhook-signature'].replace('v1', 'v1a') }],
    ['no id', { 'webhook-id': undefined }],
    ['no time', { 'webhook-timestamp': undefined }],
    ['no signature', { 'webhook-signature': undefined }],
  ])('is forged with %s', (_, changed) => expect(check(changed)).toBe('forged'));
  it('is forged with another body', () => expect(check({}, 0, `${body} `)).toBe('forged'));
});
