import { createHash } from 'node:crypto';
import { qrModules, qrSvg } from './qr-svg';

const url = 'https://hark.example/consent/0193a5c2-7a41-8c0e-8f10-000000000001';
const drawn = (text: string) =>
  qrModules(text)
    .map((row) => row.map((dark) => (dark ? '#' : '.')).join(''))
    .join('\n');

describe('a QR code', () => {
  // Each was read by a decoder and compared with another encoder when it was made.
  it.each([
    ['1', 21, 'e3ed058604681728'],
    [url, 37, 'adbe083707b15ec2'],
    [`${url}?x=${'y'.repeat(200)}`, 65, 'c1b3d4b60f3e53e8'],
  ])('of %s is this one', (text, size, digest) => {
    expect(qrModules(text)).toHaveLength(size);
    expect(createHash('sha256').update(drawn(text)).digest('hex').slice(0, 16)).toBe(digest);
  });

  it('is an SVG of black on white with a quiet zone, and nothing else in it', () => {
    const svg = qrSvg(url);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 45 45" [\w ="-]+>/);
    expect(svg.replace(/^<svg [^>]+>|<path (?:fill="#fff" )?d="[MhvHVz\d -]+"\/>|<\/svg>$/g, '')).toBe('');
    // The upper left finder pattern.
    expect(svg).toContain('M4 4h7v1h-7z');
  });

  it('holds 666 bytes and no more', () => {
    expect(qrModules('x'.repeat(666))).toHaveLength(97);
    expect(() => qrModules('x'.repeat(667))).toThrow('too long');
  });
});
