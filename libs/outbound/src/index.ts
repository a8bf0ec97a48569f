export { classifyAddress, type AddressClass } from './address-class';
export { Outbound, type OutboundOptions } from './outbound';
export { OutboundError, type OutboundReason } from './outbound-error';
export type { OutboundReply, OutboundRequest } from './outbound-request';
export type { ProviderClass } from './provider-class';
export { DnsResolver, Resolver } from './resolver';
export type { TargetOptions } from './target';
