/** The stream that holds the metadata of `streamId`. */
export const metastreamOf = (streamId: string): string => `$$${streamId}`;

export const isMetastream = (streamId: string): boolean => streamId.startsWith('$$');

/** The stream whose metadata a metastream holds. */
export const baseOfMetastream = (metastream: string): string => metastream.slice(2);

/** Names that no stream may have: the empty one, and the metastream of the empty one. */
export const isStreamName = (streamId: string): boolean => streamId !== '' && streamId !== '$$';

/** Streams that every reader of `$all` is spared, though they can be read by name. */
export const isHiddenFromAll = (streamId: string): boolean =>
  streamId === '$epoch-information' ||
  (streamId.startsWith('$persistentsubscription-$all::') &&
    (streamId.endsWith('-checkpoint') || streamId.endsWith('-parked')));
