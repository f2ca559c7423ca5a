import { isAway } from '../../db/away.ts';
import { startWorker, type Worker } from '../../db/worker.ts';
import type { NamedPeople } from '../../engines/process-library.ts';
import { isInSlack, plainName } from '../rights/task-people.ts';
import type { SlackContext } from '../slack-context.ts';

type CheckContext = Pick<SlackContext, 'database' | 'directory' | 'library' | 'unknownPeople' | 'timings' | 'logger'>;

/** Checks in the background, one after another, whether Slack knows the people and groups that processes name. */
export function startPeopleWorker(context: CheckContext): Promise<Worker> {
  const { database, library, timings, logger } = context;
  const { lookEveryMs, askEveryMs, retryMs } = timings.library;
  let asked: string | undefined;
  let hasFailed = false;
  let dueAt = 0;
  return startWorker({
    name: 'people',
    database,
    logger,
    async work() {
      const named = library?.listNamedPeople() ?? [];
      const key = JSON.stringify(named);
      if (Date.now() < dueAt && (key === asked || hasFailed)) return lookEveryMs;
      try {
        await checkPeople(context, named);
        asked = key;
        hasFailed = false;
        dueAt = Date.now() + askEveryMs;
      } catch (err) {
        if (!isAway(err)) throw err;
        logger.debug({ err }, 'people named by processes will be checked later');
        hasFailed = true;
        dueAt = Date.now() + retryMs;
      }
      return lookEveryMs;
    },
  });
}

async function checkPeople(context: CheckContext, named: readonly NamedPeople[]): Promise<void> {
  const { unknownPeople, logger } = context;
  const isKnown = new Map<string, boolean>();
  for (const name of new Set(named.flatMap(({ names }) => names.map(plainName)))) {
    isKnown.set(name, await isInSlack(context, name));
  }
  const unknown = named.flatMap((task) => {
    const names = task.names.filter((name) => !isKnown.get(plainName(name)));
    return names.length > 0 ? { ...task, names } : [];
  });
  const told = new Set(unknownPeople.list().map((task) => JSON.stringify(task)));
  for (const task of unknown) {
    if (!told.has(JSON.stringify(task)))
      logger.warn({ ...task }, 'a task of a process names people or groups unknown to Slack');
  }
  unknownPeople.replace(unknown);
}
