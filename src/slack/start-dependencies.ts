import { startsRunning } from '../starts/queries.ts';
import type { RunStartDependencies } from '../starts/run-start.ts';
import type { SlackContext } from './slack-context.ts';

/** Selects what running a start needs from the Slack context. */
export function startDependencies(context: SlackContext): RunStartDependencies {
  const { database, engine, directory, catalogue, liveChats, identity, homes, startsUnderWay, logger } = context;
  return {
    db: database.db,
    signal: database.signal,
    metrics: database.metrics,
    changed: ({ liveChatId }) => homes.note({ liveChatId }),
    startRunning: async (running) => (await startsRunning(database.db, [running])).includes(true),
    startsUnderWay,
    engine,
    people: directory,
    liveChat: (id) => liveChats.get(identity.teamId, id),
    definition: (id) => catalogue().get(id),
    workspaceUrl: identity.workspaceUrl,
    logger,
  };
}
