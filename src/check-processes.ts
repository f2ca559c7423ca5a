import { parseArgs } from 'node:util';
import { secretsIn } from './config.ts';
import { checkFolder } from './engines/embedded/check-folder.ts';
import { loadEnvFile } from './env-file.ts';
import { reasonOf } from './errors.ts';

/**
 * `npm run check-processes -- [--counts] DIR`: prints what is wrong with the process files below DIR, for Kickoff as the
 * environment and `.env` configure it. Ends with 0 if all of them would be loaded, with 1 if one would be refused, and with 2
 * if it could not look.
 */
try {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { counts: { type: 'boolean' } } });
  const [directory = './processes', ...others] = positionals;
  if (others.length > 0) throw new Error('Name one folder');
  loadEnvFile();
  const secrets = new Set(secretsIn(process.env).keys());
  const { lines, counts, summary, isInOrder } = await checkFolder(directory, {
    hasWorkers: process.env.JOB_WORKERS === 'external',
    // CI has none of them, as a rule, and would be warned of each.
    ...(secrets.size > 0 && { secrets }),
  });
  process.stdout.write([...(values.counts ? counts : lines), summary, ''].join('\n'));
  process.exitCode = isInOrder ? 0 : 1;
} catch (error) {
  process.stderr.write(`${reasonOf(error)}\n`);
  process.exitCode = 2;
}
