import type { Sandbox } from '../../sandbox/sandbox.ts';
import { keepSurfaces } from '../../with-slack/surfaces.ts';

/** Stores the views and messages of a test in the directory KEEP_SURFACES, for `npm run check-with-slack`. */
export async function keepShown({ traffic }: Sandbox): Promise<void> {
  if (process.env.KEEP_SURFACES) await keepSurfaces(process.env.KEEP_SURFACES, traffic);
}
