import { z } from 'zod';
import type { OperatonContext } from './context.ts';
import { segment } from './rest-client.ts';
import { dateSchema } from './typed-values.ts';

export const instanceSchema = z.object({
  id: z.string(),
  businessKey: z.string().nullish(),
  processDefinitionId: z.string(),
  startTime: dateSchema,
  endTime: dateSchema.nullish(),
  state: z.string(),
  deleteReason: z.string().nullish(),
  rootProcessInstanceId: z.string().nullish(),
});
export type InstanceRow = z.infer<typeof instanceSchema>;

/** A process instance from the engine's history, running or ended; undefined if there is none. */
export async function findInstance({ rest }: OperatonContext, key: string): Promise<InstanceRow | undefined> {
  return rest.find(instanceSchema, `/history/process-instance/${segment(key)}`);
}

/** The instance and all instances that it called, level by level. */
export async function instanceTree(context: OperatonContext, key: string): Promise<InstanceRow[]> {
  const root = await findInstance(context, key);
  if (!root) return [];
  const tree = [root];
  for (const caller of tree) {
    const { model } = await context.definitions.get(caller.processDefinitionId);
    if (!model.calls) continue;
    const called = await context.rest.get(z.array(instanceSchema), '/history/process-instance', {
      superProcessInstanceId: caller.id,
      sortBy: 'startTime',
      sortOrder: 'asc',
    });
    tree.push(...called);
  }
  return tree;
}

/** The root instance of the calls that led to this one. */
export async function rootOf(context: OperatonContext, key: string): Promise<InstanceRow | undefined> {
  const row = await findInstance(context, key);
  const root = row?.rootProcessInstanceId;
  return root && root !== key ? findInstance(context, root) : row;
}
