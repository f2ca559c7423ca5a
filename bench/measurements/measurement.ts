import type { Line } from '../table.ts';
import type { World } from '../world.ts';

/** Makes one measurement. `tell` prints details that are not part of the table. */
export type Measurement = (world: World, tell: (detail: string) => void) => Promise<Line[]>;
