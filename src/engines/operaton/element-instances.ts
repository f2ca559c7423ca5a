import { z } from 'zod';
import type { ElementInstance } from '../engine.ts';
import type { OperatonContext } from './context.ts';
import { findInstance } from './instance-rows.ts';
import { dateSchema } from './typed-values.ts';

const activitySchema = z.object({
  id: z.string(),
  activityId: z.string(),
  parentActivityInstanceId: z.string().nullish(),
  startTime: dateSchema,
  endTime: dateSchema.nullish(),
  canceled: z.boolean().nullish(),
});

const incidentSchema = z.object({
  activityId: z.string().nullish(),
  incidentMessage: z.string().nullish(),
  incidentType: z.string(),
  open: z.boolean().nullish(),
  createTime: dateSchema,
});

const pageSize = 1000;

/** Every visit of the instance to an element, from the engine's history. */
export async function listElementInstances(context: OperatonContext, instanceKey: string): Promise<ElementInstance[]> {
  const instance = await findInstance(context, instanceKey);
  if (!instance) return [];
  const { rest, definitions } = context;
  const [{ model, name, key }, incidents, activities] = await Promise.all([
    definitions.get(instance.processDefinitionId),
    rest.get(z.array(incidentSchema), '/history/incident', { processInstanceId: instanceKey }),
    readActivities(context, instanceKey),
  ]);
  const latest = new Map(
    incidents
      .sort((a, b) => a.createTime.getTime() - b.createTime.getTime())
      .map((incident) => [incident.activityId ?? '', incident]),
  );
  const isOver = instance.endTime ?? undefined;
  const ended = instance.state === 'COMPLETED' ? 'completed' : 'terminated';
  const process: ElementInstance = {
    key: instanceKey,
    elementId: key,
    name,
    parentKey: undefined,
    status: isOver ? ended : 'active',
    enteredAt: instance.startTime,
    leftAt: isOver,
    reason: undefined,
  };
  const elements = activities.map((row): ElementInstance => {
    // The engine has an additional instance around those of a multi-instance activity.
    const elementId = row.activityId.replace(/#multiInstanceBody$/, '');
    const incident = latest.get(elementId);
    return {
      key: row.id,
      elementId,
      name: model.names.get(elementId) ?? elementId,
      parentKey: row.parentActivityInstanceId ?? instanceKey,
      status: statusOf(row, incident?.open === true),
      enteredAt: row.startTime,
      leftAt: row.endTime ?? undefined,
      reason:
        incident && `${model.labels.get(elementId) ?? elementId}: ${incident.incidentMessage || incident.incidentType}`,
    };
  });
  return [process, ...elements];
}

function statusOf(
  { endTime, canceled }: z.infer<typeof activitySchema>,
  isStopped: boolean,
): ElementInstance['status'] {
  if (!endTime) return isStopped ? 'incident' : 'active';
  return canceled ? 'terminated' : 'completed';
}

async function readActivities({ rest }: OperatonContext, instanceKey: string) {
  const found: z.infer<typeof activitySchema>[] = [];
  for (;;) {
    const page = await rest.post(z.array(activitySchema), '/history/activity-instance', {
      query: { firstResult: found.length, maxResults: pageSize },
      body: {
        processInstanceId: instanceKey,
        sorting: [
          { sortBy: 'occurrence', sortOrder: 'asc' },
          { sortBy: 'startTime', sortOrder: 'asc' },
        ],
      },
    });
    found.push(...page);
    if (page.length < pageSize) return found;
  }
}
