/**
 * Options of lru-cache for a cache of at most so many entries, each of which takes memory when it comes. With its `max`
 * alone it makes room for all of them at once, some 25 bytes each, which a hub's caches together would never fill.
 */
export const entriesAtMost = (
  entriesMax: number,
): { readonly maxSize: number; readonly sizeCalculation: () => number } => ({
  maxSize: entriesMax,
  sizeCalculation: () => 1,
});
