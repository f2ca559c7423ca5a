import { createCatalogue } from '../../src/processes/catalogue.ts';
import type { ProcessDefinition } from '../../src/processes/process-definition.ts';
import { selectProcessCallbackId } from '../../src/slack/live-chat-config/select-process-view.ts';
import { processSearchActionId, processSearchBlockId } from '../../src/slack/search-processes/process-search-block.ts';
import { suggestionRequest } from '../deliveries.ts';
import { sendLoad } from '../load.ts';
import { processFile } from '../process-files.ts';
import { median, quantile } from '../statistics.ts';
import type { Line } from '../table.ts';
import type { Measurement } from './measurement.ts';

const definitionCount = 10_000;
const targetMs = 20;
/** Number of concurrent searches by people who type. */
const atOnce = 8;
const atOnceTargetMs = 60;
const readyTargetMs = 3000;

const verbs = ['Create', 'Approve', 'Register', 'Review', 'Cancel', 'Escalate', 'Renew', 'Check', 'Order', 'Close'];
const things = ['lead', 'invoice', 'contract', 'request', 'delivery', 'refund', 'ticket', 'account', 'offer', 'visit'];
const places = ['CRM', 'Service desk', 'Finance', 'Logistics', 'Human resources', 'Legal', 'Purchasing', 'Production'];

/** Search texts, typed one keystroke at a time. */
const searches = ['create lead', 'invoice 42', 'finance refund', 'appr', 'human resources visit', 'e', 'xyzzy'];
const keystrokes = searches.flatMap((search) =>
  Array.from({ length: search.length + 1 }, (_, n) => search.slice(0, n)),
);

/**
 * Searches of 10,000 process definitions, in the catalogue itself and in Kickoff's answers to Slack; and the time until Kickoff
 * is ready with files that it has seen before.
 */
export const measureProcessSearch: Measurement = async (world, tell) => {
  const definitions = Array.from({ length: definitionCount }, (_, index) => definition(index));
  const lines = [
    searchLine('Search over 10,000 processes, in memory', searchInMemory(definitions, world.options.quick), targetMs),
  ];
  const settings = {
    databaseUrl: await world.postgres.createDatabase(),
    processesDir: await world.processesDirectory(definitions.map(processFile)),
  };
  await (await world.startKickoff(settings)).stop();
  const begun = performance.now();
  const kickoff = await world.startKickoff(settings);
  const readyMs = performance.now() - begun;
  lines.unshift({
    what: 'Start-up until ready, with 10,000 processes',
    reached: `${Math.round(readyMs)} ms`,
    target: `< ${readyTargetMs} ms`,
    met: readyMs < readyTargetMs,
  });
  const { workspace } = world;
  const select = {
    userId: workspace.administrator,
    callbackId: selectProcessCallbackId,
    blockId: processSearchBlockId,
    actionId: processSearchActionId,
  };
  const repeats = world.options.quick ? 2 : 20;
  const values = Array.from({ length: repeats }, () => keystrokes).flat();
  const requests = () => values.map((value) => suggestionRequest(workspace, select, value));
  const { port } = kickoff;
  // A person without permission to search would get an empty answer quickly.
  const found = [suggestionRequest(workspace, select, 'create lead')];
  await sendLoad({ port, requests: found, concurrency: 1, expected: 'option_groups' });
  await sendLoad({ port, requests: requests(), concurrency: 1 });
  const { latencies } = await sendLoad({ port, requests: requests(), concurrency: 1 });
  lines.push(searchLine('… answered over HTTP', latencies, targetMs));
  const cpuMs = await kickoff.cpuMs();
  const together = await sendLoad({ port, requests: requests(), concurrency: atOnce });
  const usedMs = ((await kickoff.cpuMs()) ?? Number.NaN) - (cpuMs ?? Number.NaN);
  tell(`processor time for a search over HTTP: ${(usedMs / values.length).toFixed(2)} ms`);
  lines.push(searchLine(`… ${atOnce} at once`, together.latencies, atOnceTargetMs));
  tell(`resident memory with 10,000 processes: ${Math.round(await kickoff.residentMb())} MB`);
  await kickoff.stop();
  return lines;
};

/** Returns the times of searches, in milliseconds. */
function searchInMemory(definitions: ProcessDefinition[], quick: boolean): number[] {
  const catalogue = createCatalogue(definitions);
  const times: number[] = [];
  for (let repeat = 0; repeat < (quick ? 5 : 40); repeat += 1) {
    for (const query of keystrokes) {
      const begun = performance.now();
      catalogue.search(query);
      times.push(performance.now() - begun);
    }
  }
  return times;
}

function searchLine(what: string, times: number[], mostMs: number): Line {
  const p99 = quantile(times, 0.99);
  return {
    what,
    reached: `p50 ${median(times).toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
    target: `p99 < ${mostMs} ms`,
    met: p99 < mostMs,
  };
}

function definition(index: number): ProcessDefinition {
  const verb = verbs[index % verbs.length] ?? '';
  const thing = things[Math.floor(index / verbs.length) % things.length] ?? '';
  const workspace = places[index % (places.length + 1)];
  const app = index % 3 === 0 ? undefined : `Team ${index % 17}`;
  return {
    id: `process-${index}`,
    name: `${verb} ${thing} ${index}`,
    version: 1,
    ...(workspace === undefined ? {} : { workspace, ...(app === undefined ? {} : { app }) }),
    description: `${verb}s a ${thing} for the client, then tells whoever is responsible.`,
    parameters: [],
  };
}
