// Runs an engine in a separate process that one of its jobs kills. Plain Node runs this file, so it uses the engine in
// dist/modules (`npm run build`). Prints `ready` once its workers run, and `settled` with the instances' statuses once they are
// idle.
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { openDatabase } from '../../dist/modules/src/db/client.js';
import { createEmbeddedEngine } from '../../dist/modules/src/engines/embedded/embedded-engine.js';

const { DATABASE_URL: databaseUrl, DATA_DIR: dataDir, PROCESSES_DIR: processesDir, INSTANCES, HOSTILE } = process.env;
const logger = pino({ level: 'silent' });
const database = await openDatabase({ databaseUrl, dataDir, logger });
const engine = await createEmbeddedEngine({
  database,
  processesDir,
  jobHandlers: {
    async work({ variables }) {
      if (variables.nth === Number(HOSTILE)) process.kill(process.pid, 'SIGKILL');
      await delay(50);
      return {};
    },
  },
  logger,
  workers: { pollIntervalMs: 100, leaseMs: 400 },
});
const keys = [];
for (let nth = 0; nth < Number(INSTANCES); nth += 1) {
  const start = { startId: `start-${nth}`, processDefinitionId: 'jobs', variables: { nth } };
  keys.push((await engine.startProcessInstance(start)).processInstanceKey);
}
await engine.start();
process.stdout.write('ready\n');
for (;;) {
  const instances = await Promise.all(keys.map((key) => engine.getProcessInstance(key)));
  if (instances.every(({ status }) => status !== 'active')) {
    process.stdout.write(`settled ${JSON.stringify(instances.map(({ status, reason }) => ({ status, reason })))}\n`);
    break;
  }
  await delay(20);
}
await engine.stop();
await database.close();
