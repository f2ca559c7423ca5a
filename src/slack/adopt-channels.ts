import type { Worker } from '../db/worker.ts';
import type { SlackContext } from './slack-context.ts';

export async function startAdoptionWorker(_context: SlackContext): Promise<Worker> {
  return { wake() {}, async stop() {} };
}
