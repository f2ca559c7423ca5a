import postgres from 'postgres';
import type { Condition } from '../../src/bindings/condition.ts';
import { messageDeliveries } from '../deliveries.ts';
import { benchProcess, processFile } from '../process-files.ts';
import { compare, describeReached } from '../rounds.ts';
import { settled } from '../settled.ts';
import { rateLine } from '../table.ts';
import type { Measurement } from './measurement.ts';

/** Ten conditions on a message's text and author, all of them false. */
const conditions: Condition[] = Array.from({ length: 10 }, (_, index) =>
  index % 2 === 0
    ? {
        kind: 'rows',
        join: 'all',
        rows: [
          { property: 'message.text', operator: 'contains', value: 'order' },
          { property: 'message.text', operator: 'any_word', value: `price, invoice ${index}` },
        ],
      }
    : { kind: 'feel', expression: `contains(lower case(message.text), "offer ${index}") and client.user != null` },
);

/** Clients' messages with ten bindings whose conditions are false, compared with the same messages without bindings. */
export const measureConditions: Measurement = async (world, tell) => {
  const { options, workspace } = world;
  const processesDir = await world.processesDirectory([
    processFile({ ...benchProcess, assignees: world.workspace.staff }),
  ]);
  const urls = [await world.createLiveChatDatabase([]), await world.createLiveChatDatabase(conditions)];
  const servers = await Promise.all(urls.map((databaseUrl) => world.startKickoff({ databaseUrl, processesDir })));
  const watches = urls.map((url) => postgres(url, { max: 1 }));
  const message = { channels: workspace.clientChannels, userId: workspace.client, userTeamId: workspace.clientTeamId };
  const [unbound, bound] = await compare(
    servers.map((server, index) => ({
      name: index === 0 ? 'Kickoff, nothing bound' : 'Kickoff, ten conditions',
      server,
      requests: () => messageDeliveries(workspace, message, options.deliveries),
      settle: () => settled(watches[index] as (typeof watches)[0]),
    })),
    options.rounds,
  );
  await Promise.all([...watches.map((watch) => watch.end()), ...servers.map((server) => server.stop())]);
  if (!unbound || !bound) return [];
  tell(describeReached('Kickoff, nothing bound', unbound));
  tell(describeReached('Kickoff, ten conditions', bound));
  const baseline = { name: 'nothing bound', rate: unbound.rate };
  const reached = { rate: bound.rate, unit: 'deliveries' };
  // 0.84: at most 1.2 times the cost.
  return [rateLine('Client message, ten conditions that do not hold', baseline, reached, bound.ratio, 0.84)];
};
