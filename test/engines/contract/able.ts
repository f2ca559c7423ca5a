import { describe, it } from 'vitest';
import type { EngineLimit } from '../../../src/engines/engine.ts';

/** The declared limits of the engine under test. */
export type Cannot = ReadonlySet<EngineLimit>;

/** `it`, or `it.skip` if the engine declares that it lacks what the test needs. */
export const itNeeds = (cannot: Cannot, ...needed: EngineLimit[]): typeof it | typeof it.skip =>
  needed.some((limit) => cannot.has(limit)) ? it.skip : it;

export const describeNeeds = (cannot: Cannot, ...needed: EngineLimit[]): typeof describe | typeof describe.skip =>
  needed.some((limit) => cannot.has(limit)) ? describe.skip : describe;
