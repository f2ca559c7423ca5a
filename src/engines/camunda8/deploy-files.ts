import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { z } from 'zod';
import { reasonOf } from '../../errors.ts';
import { ClusterError } from './cluster.ts';
import type { Camunda8Context } from './context.ts';

const deployable = new Set(['.bpmn', '.form', '.dmn']);

/**
 * Deploys the files below a folder in one deployment, since files can be bound to each other's deployment. Files that have not
 * changed since the last deployment keep their version.
 */
export async function deployFiles({ cluster, tenantId, logger }: Camunda8Context, folder: string): Promise<void> {
  const names = (await readdir(folder, { recursive: true, encoding: 'utf8' }))
    .filter((name) => deployable.has(extname(name)))
    .sort();
  if (names.length === 0) return;
  const resources = await Promise.all(
    names.map(
      async (name) => new File([await readFile(join(folder, name))], name, { type: 'application/octet-stream' }),
    ),
  );
  try {
    await cluster.ask(z.unknown(), 'createDeployment', { resources, tenantId });
    logger.info({ files: names.length }, 'processes deployed');
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    // Kickoff continues with the processes that are already deployed.
    logger.error({ reason: reasonOf(error) }, 'the files of PROCESSES_DIR were not deployed');
  }
}
