import { describe, it } from 'vitest';
import type { EngineLimit } from '../../../src/engines/engine.ts';

/** What the engine under test declares that it cannot do. */
export type Cannot = ReadonlySet<EngineLimit>;

/** `it`, or `it.skip` where what the test needs is declared not to be there. */
export const itNeeds = (cannot: Cannot, ...needed: EngineLimit[]): typeof it | typeof it.skip =>
  needed.some((limit) => cannot.has(limit)) ? it.skip : it;

export const describeNeeds = (cannot: Cannot, ...needed: EngineLimit[]): typeof describe | typeof describe.skip =>
  needed.some((limit) => cannot.has(limit)) ? describe.skip : describe;
