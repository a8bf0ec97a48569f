import { createPublicKey, generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto';

/** A key and the certificate over it, both as PEM. */
export interface KeyAndCertificate {
  readonly privateKey: string;
  readonly certificate: string;
}

const tag = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  sequence: 0x30,
  set: 0x31,
  utcTime: 0x17,
  generalizedTime: 0x18,
} as const;
/** Object identifiers, encoded. */
const oid = {
  ecdsaWithSha256: '2a8648ce3d040302',
  commonName: '550403',
  subjectAltName: '551d11',
  basicConstraints: '551d13',
} as const;
const serialBytes = 16;
const base64Columns = 64;

/**
 * A new P-256 key with a certificate for this machine's loopback (`localhost`, 127.0.0.1, ::1), signed by itself: who is
 * to trust it gets the certificate. It holds at every time (RFC 5280 4.1.2.5), so that no clock that is wrong or set
 * back can make it invalid; it is meant to live as long as the process that makes it.
 */
export function selfSigned(commonName: string): KeyAndCertificate {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = der(tag.sequence, object(oid.ecdsaWithSha256));
  const name = der(
    tag.sequence,
    der(tag.set, der(tag.sequence, object(oid.commonName), der(tag.utf8, Buffer.from(commonName)))),
  );
  const always = der(tag.sequence, text(tag.utcTime, '700101000000Z'), text(tag.generalizedTime, '99991231235959Z'));
  const toBeSigned = der(
    tag.sequence,
    der(0xa0, der(tag.integer, Buffer.from([2]))), // version 3
    der(tag.integer, serialNumber()),
    algorithm,
    name,
    always,
    name,
    createPublicKey(privateKey).export({ type: 'spki', format: 'der' }),
    der(0xa3, der(tag.sequence, loopbackNames(), authority())),
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  const whole = der(tag.sequence, toBeSigned, algorithm, bits(signature));
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    // Read back, so that what OpenSSL would not take is never given out.
    certificate: new X509Certificate(pem(whole)).toString(),
  };
}

function loopbackNames(): Buffer {
  const names = der(
    tag.sequence,
    der(0x82, Buffer.from('localhost')),
    der(0x87, Buffer.from([127, 0, 0, 1])),
    der(0x87, Buffer.concat([Buffer.alloc(15), Buffer.from([1])])),
  );
  return der(tag.sequence, object(oid.subjectAltName), der(tag.octetString, names));
}

/** It is its own issuer, which must be a CA. Critical, as a CA's must be. */
function authority(): Buffer {
  const isTrue = Buffer.from([0x01, 0x01, 0xff]);
  const isCa = der(tag.octetString, der(tag.sequence, isTrue));
  return der(tag.sequence, object(oid.basicConstraints), isTrue, isCa);
}

/** Positive and without a leading zero byte, as DER wants integers. */
function serialNumber(): Buffer {
  const bytes = randomBytes(serialBytes);
  bytes[0] = (bytes[0]! & 0x3f) | 0x40;
  return bytes;
}

const object = (hex: string): Buffer => der(tag.oid, Buffer.from(hex, 'hex'));
const text = (type: number, value: string): Buffer => der(type, Buffer.from(value, 'latin1'));
const bits = (content: Buffer): Buffer => der(tag.bitString, Buffer.from([0]), content);

function der(type: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([type]), lengthOf(content), content]);
}

function lengthOf({ length }: Buffer): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  if (length <= 0xff) return Buffer.from([0x81, length]);
  return Buffer.from([0x82, length >> 8, length & 0xff]);
}

function pem(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(new RegExp(`.{1,${base64Columns}}`, 'g')) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
