/**
 * The size of an LRU cache of at most so many entries, for caches that can be large: it takes memory for the entries that it has,
 * where `max` takes it for all of them at once, which takes milliseconds and megabytes.
 */
export function atMost(entries: number): { maxSize: number; sizeCalculation: () => number } {
  return { maxSize: entries, sizeCalculation: () => 1 };
}
