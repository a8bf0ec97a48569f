import fc from 'fast-check';
import { OutboundError } from './outbound-error';
import { TargetOptions, TargetRules } from './target-rules';

const strict = new TargetRules({ ownHosts: ['hub.example.com'] });
const refusal = (text: string, rules = strict): string => {
  try {
    rules.parse(text);
    return 'allowed';
  } catch (error) {
    if (error instanceof OutboundError && error.reason === 'refused') return error.detail;
    throw error;
  }
};

describe("other people's URLs", () => {
  it.each([
    'https://api.day.app/push',
    'https://bark.example.com:8443/x?y=1',
    'https://8.8.8.8/',
    'https://[2606:4700:4700::1111]/',
    'HTTPS://API.DAY.APP/',
    'https://例子.中国/',
  ])('%s may be tried', (text) => {
    expect(refusal(text)).toBe('allowed');
  });

  it.each([
    ['http://example.com/', 'scheme'],
    ['ftp://example.com/', 'scheme'],
    ['file:///etc/passwd', 'scheme'],
    ['gopher://example.com/', 'scheme'],
    ['data:text/plain,x', 'scheme'],
    ['unix:/run/docker.sock', 'scheme'],
    ['https:example.com', 'url'],
    ['https:///example.com', 'url'],
    ['https://', 'url'],
    ['', 'url'],
    ['/relative', 'url'],
    [`https://example.com/${'a'.repeat(3000)}`, 'url'],
    ['https://exa\tmple.com/', 'url'],
    ['https://example.com/\r\nHost: x', 'url'],
    ['https://example.com\\@10.0.0.1/', 'url'],
    [' https://example.com/', 'url'],
    ['https://example.com /', 'url'],
    ['https://user@example.com/', 'userinfo'],
    ['https://user:pass@example.com/', 'userinfo'],
    ['https://@example.com/', 'userinfo'],
    ['https://example.com/#x', 'fragment'],
    ['https://example.com:22/', 'port'],
    ['https://example.com:25/', 'port'],
    ['https://example.com:6379/', 'port'],
    ['https://example.com:5432/', 'port'],
    ['https://example.com:2113/', 'port'],
    ['https://example.com:4222/', 'port'],
    ['https://hub.example.com/v1/pushes', 'own-host'],
    ['https://localhost/', 'name'],
    ['https://localhost./', 'name'],
    ['https://LOCALHOST/', 'name'],
    ['https://a.localhost/', 'name'],
    ['https://metadata.google.internal/', 'name'],
    ['https://delivery/', 'name'],
    ['https://postgres.default.svc.cluster.local/', 'name'],
    ['https://postgres.default.svc/', 'name'],
    ['https://example.com./', 'name'],
    ['https://127.0.0.1/', 'address-loopback'],
    ['https://127.0.0.1./', 'address-loopback'],
    ['https://2130706433/', 'address-loopback'],
    ['https://0x7f000001/', 'address-loopback'],
    ['https://017700000001/', 'address-loopback'],
    ['https://0x7f.1/', 'address-loopback'],
    ['https://127.1/', 'address-loopback'],
    ['https://127.0.1/', 'address-loopback'],
    ['https://１２７.0.0.1/', 'address-loopback'],
    ['https://①②⑦.0.0.1/', 'address-loopback'],
    ['https://%31%32%37.0.0.1/', 'address-loopback'],
    ['https://127。0。0。1/', 'address-loopback'],
    ['https://0/', 'address-unspecified'],
    ['https://[::]/', 'address-unspecified'],
    ['https://[::1]/', 'address-loopback'],
    ['https://[::ffff:127.0.0.1]/', 'address-embeds-v4'],
    ['https://[::ffff:7f00:1]/', 'address-embeds-v4'],
    ['https://[64:ff9b::169.254.169.254]/', 'address-embeds-v4'],
    ['https://[64:ff9b:1::1]/', 'address-embeds-v4'],
    ['https://[2002:a9fe:a9fe::]/', 'address-embeds-v4'],
    ['https://[fe80::1]/', 'address-link-local'],
    ['https://[fe80::1%25eth0]/', 'url'],
    ['https://[fd00:ec2::254]/', 'address-private'],
    ['https://169.254.169.254/latest/meta-data/', 'address-link-local'],
    ['https://0xa9fea9fe/', 'address-link-local'],
    ['https://192.168.1.1/', 'address-private'],
    ['https://ⓛocalhost/', 'name'],
    ['https://ex%61mple.internal/', 'name'],
  ])('%s is refused (%s)', (text, rule) => {
    expect(refusal(text)).toBe(rule);
  });

  it('are refused in every spelling of a private address', () => {
    fc.assert(
      fc.property(privateV4, spelling, schemeCase, tail, (octets, spell, scheme, rest) => {
        expect(refusal(`${scheme}://${spell(octets)}${rest}`)).toMatch(/^address-(?!public)/);
      }),
      { numRuns: 20_000 },
    );
  });

  it('are refused when an IPv6 address hides a private one', () => {
    fc.assert(
      fc.property(privateV4, embedding, (octets, embed) => {
        expect(refusal(`https://[${embed(octets)}]/`)).toMatch(/^address-(?!public)/);
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('what the operator allows', () => {
  const rulesWith = (options: TargetOptions) => new TargetRules(options);

  it('a configured origin is exempt for what the hub itself writes, with exactly its scheme, host and port', () => {
    const rules = rulesWith({ allowOrigins: ['http://127.0.0.1:3100/bark', 'https://api.weixin.qq.com'] });
    expect(rules.parse('http://127.0.0.1:3100/push', true).configured).toBe(true);
    expect(rules.parse('https://api.weixin.qq.com/sns', true).configured).toBe(true);
    expect(() => rules.parse('https://api.weixin.qq.com.evil.example/', true)).toThrow('not-configured');
  });

  it('and never for what a person writes, whatever its path', () => {
    const rules = rulesWith({ allowOrigins: ['http://127.0.0.1:3100/bark', 'https://api.day.app'] });
    expect(refusal('http://127.0.0.1:3100/bark/x/push', rules)).toBe('scheme');
    expect(refusal('http://127.0.0.1:3100/control/reset', rules)).toBe('scheme');
    expect(rules.parse('https://api.day.app/push').configured).toBe(false);
    expect(refusal('http://127.0.0.1:3101/push', rules)).toBe('scheme');
    expect(refusal('https://127.0.0.1:3100/push', rules)).toBe('port');
    expect(refusal('http://user@127.0.0.1:3100/push', rules)).toBe('userinfo');
    expect(refusal('http://localhost:3100/push', rules)).toBe('scheme');
  });

  it('http and further ports, still with the address rules', () => {
    const rules = rulesWith({ allowHttp: true, allowPorts: [80, 443, 8080] });
    expect(refusal('http://example.com/', rules)).toBe('allowed');
    expect(refusal('http://example.com:8080/', rules)).toBe('allowed');
    expect(refusal('http://10.0.0.1:8080/', rules)).toBe('address-private');
    expect(refusal('http://example.com:22/', rules)).toBe('port');
  });

  it('a network of its own', () => {
    const rules = rulesWith({ allowNetworks: ['10.1.0.0/16'] });
    expect(refusal('https://10.1.2.3/', rules)).toBe('allowed');
    expect(refusal('https://10.2.2.3/', rules)).toBe('address-private');
  });

  it('a mistyped origin stops the start', () => {
    expect(() => rulesWith({ allowOrigins: ['localhost:3100'] })).toThrow('origin');
  });
});

const byte = fc.integer({ min: 0, max: 255 });
type Octets = readonly [number, number, number, number];
const privateV4: fc.Arbitrary<Octets> = fc.oneof(
  fc.tuple(fc.constantFrom(0, 10, 127, 224, 240, 255), byte, byte, byte),
  fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), byte, byte),
  fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), byte, byte),
  fc.tuple(fc.constant(192), fc.constant(168), byte, byte),
  fc.tuple(fc.constant(169), fc.constant(254), byte, byte),
);
const numeric = (o: Octets) => ((o[0] * 256 + o[1]) * 256 + o[2]) * 256 + o[3];
const fullWidth = (text: string) => text.replace(/[0-9]/g, (d) => String.fromCodePoint(0xff10 + Number(d)));
const percent = (text: string) => text.replace(/[0-9]/g, (d) => `%3${d}`);
const radix = (n: number, base: 8 | 10 | 16) =>
  base === 16 ? `0x${n.toString(16)}` : base === 8 ? `0${n.toString(8)}` : `${n}`;
const base = fc.constantFrom(8 as const, 10 as const, 16 as const);
const spelling: fc.Arbitrary<(o: Octets) => string> = fc.oneof(
  fc.tuple(base, base, base, base).map((bases) => (o: Octets) => o.map((n, i) => radix(n, bases[i]!)).join('.')),
  base.map((b) => (o: Octets) => radix(numeric(o), b)),
  base.map((b) => (o: Octets) => `${o[0]}.${radix((o[1] * 256 + o[2]) * 256 + o[3], b)}`),
  base.map((b) => (o: Octets) => `${o[0]}.${o[1]}.${radix(o[2] * 256 + o[3], b)}`),
  fc.constant((o: Octets) => fullWidth(o.join('.'))),
  fc.constant((o: Octets) => percent(o.join('.'))),
  fc.constant((o: Octets) => o.join('。')),
  fc.constant((o: Octets) => `${o.join('.')}.`),
  fc.constant((o: Octets) => o.map((n) => n.toString().padStart(1)).join('．')),
);
const schemeCase = fc.constantFrom('https', 'HTTPS', 'hTtPs');
const tail = fc.constantFrom('', '/', ':443/', ':8443', '/a?b=c', '?x', ':0443/');
const hex = (o: Octets) => `${(o[0] * 256 + o[1]).toString(16)}:${(o[2] * 256 + o[3]).toString(16)}`;
const embedding: fc.Arbitrary<(o: Octets) => string> = fc.constantFrom(
  (o: Octets) => `::ffff:${o.join('.')}`,
  (o: Octets) => `0:0:0:0:0:ffff:${hex(o)}`,
  (o: Octets) => `::FFFF:${hex(o).toUpperCase()}`,
  (o: Octets) => `::${hex(o)}`,
  (o: Octets) => `64:ff9b::${o.join('.')}`,
  (o: Octets) => `64:ff9b:1::${hex(o)}`,
  (o: Octets) => `2002:${hex(o)}::1`,
  (o: Octets) => `2001:0:${hex(o)}::1`,
  (o: Octets) => `2606:4700::5efe:${hex(o)}`,
  (o: Octets) => `2606:4700::200:5efe:${hex(o)}`,
);
