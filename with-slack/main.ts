import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEnvFile } from '../src/env-file.ts';
import { reasonOf } from '../src/errors.ts';
import { checkWithSlack } from './check-with-slack.ts';

/**
 * `npm run check-with-slack -- [DIRECTORY]`: checks with Slack every view and message of the tests. Without a directory of
 * them, the tests run once Slack has accepted the tokens, and store what they show.
 */
try {
  loadEnvFile();
  const { SLACK_BOT_TOKEN: botToken, SLACK_CONFIG_TOKEN: configToken, SLACK_API_URL: apiUrl } = process.env;
  if (!botToken) throw new Error('Set SLACK_BOT_TOKEN to the bot token of an app in a workspace for tests.');
  const directory = () => process.argv[2] ?? showTests();
  const print = (line: string) => process.stdout.write(`${line}\n`);
  if (!(await checkWithSlack({ botToken, configToken, apiUrl, directory, print }))) process.exitCode = 1;
} catch (error) {
  process.stderr.write(`${reasonOf(error)}\n`);
  process.exitCode = 1;
}

/** Runs the tests, and returns the directory in which they stored what they showed. */
function showTests(): string {
  const directory = mkdtempSync(join(tmpdir(), 'kickoff-surfaces-'));
  process.stdout.write(`The tests show their views and messages, and keep them in ${directory} …\n`);
  // Without the token and the rest of .env: tests have their own Slack.
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, KEEP_SURFACES: directory };
  const { status } = spawnSync('npx', ['vitest', 'run', 'test/e2e', 'test/slack'], { env, stdio: 'inherit' });
  if (status !== 0) process.stdout.write('Some tests failed: what they show may be missing here.\n');
  return directory;
}
