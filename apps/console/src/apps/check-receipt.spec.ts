import { checkReceipt } from './check-receipt';

const utf8 = (text: string) => new TextEncoder().encode(text);
const base64url = (bytes: Uint8Array) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
const part = (text: string) => base64url(utf8(text));

it('a receipt is what the hub signed, and nothing else', async () => {
  const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  const { x } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  const keys = [{ kty: 'OKP', crv: 'Ed25519', x: x!, kid: 'k1', alg: 'EdDSA', use: 'sig' }] as const;
  const signed = `${part('{"kid":"k1"}')}.${part('{"purpose":"维修进度"}')}`;
  const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', pair.privateKey, utf8(signed)));
  const receipt = `${signed}.${base64url(signature)}`;
  expect(await checkReceipt(receipt, [...keys])).toEqual({ purpose: '维修进度' });
  const forged = `${part('{"kid":"k1"}')}.${part('{"purpose":"all"}')}.${base64url(signature)}`;
  expect(await checkReceipt(forged, [...keys])).toBeUndefined();
  expect(await checkReceipt(receipt, [])).toBeUndefined();
});
