import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { callActivities } from './elements/call-activities.ts';
import { compensation } from './elements/compensation.ts';
import { errors } from './elements/errors.ts';
import { eventSubProcesses } from './elements/event-sub-processes.ts';
import { events } from './elements/events.ts';
import { gateways } from './elements/gateways.ts';
import { inclusiveGateways } from './elements/inclusive-gateways.ts';
import { listeners } from './elements/listeners.ts';
import { messages } from './elements/messages.ts';
import { moreEvents } from './elements/more-events.ts';
import { multiInstance } from './elements/multi-instance.ts';
import { reactions } from './elements/reactions.ts';
import { startEvents } from './elements/start-events.ts';
import { tasks } from './elements/tasks.ts';
import { variables } from './elements/variables.ts';
import { versions } from './elements/versions.ts';
import { type Scenario, stepsSchema } from './scenario.ts';

/** Business processes: a folder for each, with its diagrams, forms and scenarios. */
const processesFolder = 'test/engines/scenarios/processes';

const scriptSchema = z.strictObject({
  process: z.string(),
  scenarios: z.array(z.strictObject({ title: z.string(), steps: stepsSchema })).min(1),
});

/** Reads all scenarios, those of single elements first. */
export async function readScenarios(): Promise<Scenario[]> {
  const folders = await readdir(processesFolder);
  const ofProcesses = await Promise.all(folders.sort().map((folder) => readFolder(join(processesFolder, folder))));
  return [
    tasks,
    variables,
    gateways,
    inclusiveGateways,
    events,
    moreEvents,
    listeners,
    messages,
    reactions,
    startEvents,
    versions,
    errors,
    eventSubProcesses,
    callActivities,
    multiInstance,
    compensation,
    ...ofProcesses,
  ].flat();
}

async function readFolder(folder: string): Promise<Scenario[]> {
  const names = (await readdir(folder)).filter((name) => /\.(bpmn|form)$/.test(name));
  const contents = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  const files = Object.fromEntries(names.map((name, index) => [name, contents[index] ?? '']));
  const script = scriptSchema.parse(parse(await readFile(join(folder, 'scenarios.yaml'), 'utf8')));
  return script.scenarios.map(({ title, steps }) => {
    return { title: `${script.process}: ${title}`, files, deployments: {}, processId: script.process, steps };
  });
}
