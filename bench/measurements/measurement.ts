import type { Line } from '../table.ts';
import type { World } from '../world.ts';

/** Measures one thing. `tell` takes details that go beside the table. */
export type Measurement = (world: World, tell: (detail: string) => void) => Promise<Line[]>;
