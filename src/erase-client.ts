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
  const isSandbox = !config.databaseUrl && !config.slack;
  const database = await openDatabase({
    databaseUrl: config.databaseUrl,
    dataDir: isSandbox ? join(config.dataDir, 'sandbox') : config.dataDir,
    // Somebody who names the wrong one must not be told that there was nothing to erase.
    mustExist: true,
    logger: pino({ level: 'warn' }),
  }).catch((error) => {
    if (!isSandbox) throw error;
    throw new Error(`${reasonOf(error)} (the sandbox’s directory, because SLACK_BOT_TOKEN is not set)`, {
      cause: error,
    });
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
