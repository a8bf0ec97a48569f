import { Outbound, OutboundError } from '@hark/outbound';

/** Why a person's server may not be called, in words for that person; undefined when it may. Resolves no name. */
export function refusalOf(outbound: Outbound, url: string): string | undefined {
  try {
    outbound.assertAllowed(url);
    return undefined;
  } catch (error) {
    const rule = error instanceof OutboundError ? error.detail : 'url';
    return rule.startsWith('address-') ? notPublic : (sentences(outbound)[rule] ?? noAddress);
  }
}

const noAddress = 'must be an address that begins with https:// and has no blanks in it';
const notPublic = 'must be a public address: this one is of a private or reserved network';

const sentences = (outbound: Outbound): Readonly<Record<string, string>> => ({
  scheme: 'must begin with https://',
  port: `must be on one of the ports ${outbound.ports.join(', ')}: no other is called`,
  name: 'must be a public host name: this one is of a private network',
  'own-host': 'must not be this hub itself',
  userinfo: 'must not hold a user name or password',
  fragment: 'must not have a part after #',
});
