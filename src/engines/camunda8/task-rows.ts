import { z } from 'zod';
import type { Cluster } from './cluster.ts';
import { allPages, dateSchema, keySchema, optionalText, page } from './search.ts';

export const taskSchema = z.object({
  userTaskKey: keySchema,
  elementInstanceKey: keySchema,
  processInstanceKey: keySchema,
  processDefinitionKey: keySchema,
  elementId: z.string(),
  name: optionalText,
  state: z.string(),
  assignee: optionalText,
  candidateUsers: z.array(z.string()).nullish(),
  candidateGroups: z.array(z.string()).nullish(),
  creationDate: dateSchema,
  completionDate: dateSchema.nullish(),
  dueDate: dateSchema.nullish(),
  followUpDate: dateSchema.nullish(),
  formKey: optionalText,
});
export type TaskRow = z.infer<typeof taskSchema>;

/** The user tasks of an instance, ended ones included, without those of the instances that it called. */
export function findTasks(cluster: Cluster, processInstanceKey: string): Promise<TaskRow[]> {
  return allPages((page_) =>
    cluster.ask(page(taskSchema), 'searchUserTasks', { filter: { processInstanceKey }, page: page_ }),
  );
}
