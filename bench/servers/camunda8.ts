/** The tests' stand-in for a cluster of Camunda 8, with its own database and these process files. */
import { createServer } from 'node:http';
import { pino } from 'pino';
import { openDatabase } from '../../src/db/client.ts';
import { startStandIn } from '../../test/engines/camunda8/stand-in.ts';

const { PORT: port, DATABASE_URL: databaseUrl = '', PROCESS_FILES: files = '{}' } = process.env;

const database = await openDatabase({ databaseUrl, dataDir: '', logger: pino({ level: 'silent' }) });
const cluster = await startStandIn({ database });
await cluster.deploy(JSON.parse(files) as Record<string, string>);

createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(cluster.environment));
}).listen(Number(port), '127.0.0.1');
// The stand-in remembers calls for tests; here they would only use memory.
setInterval(() => cluster.calls.splice(0), 1000).unref();
process.once('SIGTERM', () => void cluster.close().finally(() => process.exit(0)));
