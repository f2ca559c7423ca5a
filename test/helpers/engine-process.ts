// Runs engines in a separate process that starts instances and does their tasks until it is killed. `npm run build` bundles it
// into dist/test.
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import postgres from 'postgres';
import { openDatabase } from '../../src/db/client.ts';
import { createEmbeddedEngine } from '../../src/engines/embedded/embedded-engine.ts';
import { type ProcessEngine, UserTaskClosedError } from '../../src/engines/engine.ts';

const {
  DATABASE_URL: databaseUrl = '',
  PROCESSES_DIR: processesDir = '',
  PROCESS: processDefinitionId = '',
} = process.env;
/** Number of active instances at any time. */
const underWay = 30;
const logger = pino({ level: process.env.LOG_LEVEL ?? 'silent' });
const client = postgres(databaseUrl, { max: 2, onnotice: () => {} });

async function openEngine(): Promise<ProcessEngine> {
  const database = await openDatabase({ databaseUrl, dataDir: '', logger });
  const engine = await createEmbeddedEngine({
    database,
    processesDir,
    jobHandlers: { work: async ({ variables }) => ({ done: variables.item ?? true }) },
    logger,
    workers: { pollIntervalMs: 200, leaseMs: 1500 },
  });
  engine.onProcessInstanceChange(async () => {});
  await engine.start();
  return engine;
}

// All engines read the same counts, so that they start the same instances and complete the same tasks concurrently.
async function begin(engine: ProcessEngine): Promise<boolean> {
  const [counts] = await client<{ started: number; active: number }[]>`select count(*)::int as started,
    count(*) filter (where ended_at is null)::int as active from engine_instances where start_id is not null`;
  if (!counts || counts.active >= underWay) return false;
  await engine.startProcessInstance({ startId: `start-${counts.started}`, processDefinitionId, variables: { n: 0 } });
  return true;
}

async function completeSome(engine: ProcessEngine): Promise<boolean> {
  const tasks = await client<{ key: string }[]>`select instance_key || '-' || token as key from engine_tasks
    where status = 'open' order by instance_key limit 3`;
  for (const { key: taskKey } of tasks) {
    await engine.completeUserTask({ taskKey, variables: {}, completedBy: String(process.pid) }).catch((error) => {
      if (!(error instanceof UserTaskClosedError)) throw error;
    });
  }
  return tasks.length > 0;
}

async function work(engine: ProcessEngine): Promise<void> {
  for (;;) if (![await begin(engine), await completeSome(engine)].includes(true)) await delay(20);
}

const engines = await Promise.all(Array.from({ length: Number(process.env.ENGINES) }, openEngine));
process.stdout.write('ready\n');
await Promise.all(engines.map(work));
