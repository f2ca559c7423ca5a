import type { Sandbox } from '../../sandbox/sandbox.ts';
import { keepSurfaces } from '../../with-slack/surfaces.ts';

/** Keeps what a test showed where `npm run check-with-slack` wants it: in the directory KEEP_SURFACES. */
export async function keepShown({ traffic }: Sandbox): Promise<void> {
  if (process.env.KEEP_SURFACES) await keepSurfaces(process.env.KEEP_SURFACES, traffic);
}
