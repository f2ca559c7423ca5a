import { setTimeout } from 'node:timers/promises';

/**
 * Returns a function that resolves at the same moment for all who call it within `ms`, so that they then ask the database
 * together.
 */
export function createStep(ms: number): () => Promise<void> {
  let step: Promise<void> | undefined;
  return () => {
    step ??= setTimeout(ms).then(() => {
      step = undefined;
    });
    return step;
  };
}
