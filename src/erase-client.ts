import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { ConfigError, readConfig } from './config.ts';
import { openDatabase } from './db/client.ts';
import { loadEnvFile } from './env-file.ts';
import { reasonOf } from './errors.ts';
import { eraseClient } from './retention/erase-client.ts';
import { describeErasure } from './retention/erasure-report.ts';

/** `npm run erase-client -- USER_ID`: erases a client's data from the database and prints what was erased. */
try {
  const [userId = '', ...rest] = process.argv.slice(2);
  if (!/^[UW][A-Z0-9]{5,}$/.test(userId) || rest.length > 0) {
    throw new ConfigError(
      'Give the Slack user id of one person: npm run erase-client -- U0123456789\n(in Slack: their profile → ⋮ → Copy member ID)',
    );
  }
  loadEnvFile();
  const config = readConfig(process.env);
  const dataDir = config.slack ? config.dataDir : join(config.dataDir, 'sandbox');
  // Opening would create it, and tell somebody who named the wrong directory that there was nothing to erase.
  if (!config.databaseUrl && !existsSync(join(dataDir, 'db'))) {
    const why = config.slack ? '' : ' (the sandbox’s directory, because SLACK_BOT_TOKEN is not set)';
    throw new Error(`there is no database in ${dataDir}${why}`);
  }
  const database = await openDatabase({
    databaseUrl: config.databaseUrl,
    dataDir,
    logger: pino({ level: 'warn' }),
  });
  try {
    process.stdout.write(describeErasure(userId, await eraseClient(database.db, userId)));
  } finally {
    await database.close();
  }
} catch (error) {
  process.stderr.write(`${error instanceof ConfigError ? error.message : `Nothing was erased: ${reasonOf(error)}`}\n`);
  process.exitCode = 1;
}
