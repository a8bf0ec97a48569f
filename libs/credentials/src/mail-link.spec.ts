import { createHmac } from 'node:crypto';
import { MailLink, MailLinkPurpose, mailLinkPurposes, readMailLink, signMailLink } from './mail-link';

const key = Buffer.alloc(32, 1);
const nextKey = Buffer.alloc(32, 2);
const nowMs = Date.UTC(2026, 10, 29);
const purposes = mailLinkPurposes;
const link = (purpose: MailLinkPurpose): MailLink => ({
  purpose,
  personId: '0198c0de-0000-7000-8000-000000000001',
  bindingId: '0198c0de-0000-7000-8000-000000000002',
  consentId: '0198c0de-0000-5000-8000-000000000003',
  pushId: '0198c0de-0000-7000-8000-000000000004',
  expiresAtMs: nowMs + 1_000,
});

describe('a link in a mail', () => {
  it.each(purposes)('to %s says what was signed, always in the same 120 characters', (purpose) => {
    const token = signMailLink(link(purpose), key);
    expect(token).toMatch(/^[\w-]{120}$/);
    expect(signMailLink(link(purpose), key)).toBe(token);
    expect(readMailLink(token, purpose, [key], nowMs)).toEqual({ is: 'valid', link: link(purpose) });
  });

  it.each(purposes)('to %s does nothing else', (purpose) => {
    const token = signMailLink(link(purpose), key);
    for (const other of purposes.filter((each) => each !== purpose))
      expect(readMailLink(token, other, [key], nowMs)).toEqual({ is: 'forged' });
  });

  it('is refused with any one of its bits turned', () => {
    const bytes = Buffer.from(signMailLink(link('unbind'), key), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const altered = Buffer.from(bytes);
      altered[bit >> 3]! ^= 1 << (bit & 7);
      expect(readMailLink(altered.toString('base64url'), 'unbind', [key], nowMs)).toEqual({ is: 'forged' });
    }
  });

  it.each(['', 'a'.repeat(120), 'a'.repeat(119), 'a'.repeat(96), `${'a'.repeat(119)}=`, `${'a'.repeat(120)}\n`])(
    'is not %j',
    (token) => expect(readMailLink(token, 'unbind', [key], nowMs)).toEqual({ is: 'forged' }),
  );

  it('has one spelling', () => {
    const token = signMailLink(link('unbind'), key);
    for (const other of [`${token}=`, `${token}A`, ` ${token}`, `${token}\n`])
      expect(readMailLink(other, 'unbind', [key], nowMs)).toEqual({ is: 'forged' });
  });

  it('ends at its second', () => {
    const token = signMailLink(link('mute'), key);
    expect(readMailLink(token, 'mute', [key], nowMs + 999).is).toBe('valid');
    expect(readMailLink(token, 'mute', [key], nowMs + 1_000)).toEqual({ is: 'expired' });
  });

  it('outlives a change of the key for as long as the old one is named', () => {
    const token = signMailLink(link('mute'), key);
    expect(readMailLink(token, 'mute', [nextKey, key], nowMs).is).toBe('valid');
    expect(readMailLink(token, 'mute', [nextKey], nowMs)).toEqual({ is: 'forged' });
    expect(readMailLink(token, 'mute', [], nowMs)).toEqual({ is: 'forged' });
  });

  it('of the first version, which named no consent, is refused', () => {
    const said = Buffer.from(signMailLink(link('unbind'), key), 'base64url').subarray(0, 70);
    const old = Buffer.concat([Buffer.from([1]), said.subarray(1)]);
    const mac = createHmac('sha256', key).update('mail-link:').update(old).digest().subarray(0, 20);
    const token = Buffer.concat([old, mac]).toString('base64url');
    expect(readMailLink(token, 'unbind', [key], nowMs)).toEqual({ is: 'forged' });
  });

  it('is of people, bindings, consents and pushes that have ids', () => {
    expect(() => signMailLink({ ...link('mute'), pushId: 'x' }, key)).toThrow(TypeError);
  });
});
