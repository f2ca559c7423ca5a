import { parseArgs } from 'node:util';
import { secretsIn } from './config.ts';
import { checkFolder } from './engines/embedded/check-folder.ts';
import { loadEnvFile } from './env-file.ts';
import { reasonOf } from './errors.ts';

/**
 * `npm run check-processes -- [--counts] DIR`: prints what is wrong with the process files below DIR, using the configuration
 * from the environment and `.env`. Exits with 0 if all would be loaded, 1 if one would be refused, and 2 if it could not check.
 */
try {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { counts: { type: 'boolean' } } });
  const [directory = './processes', ...others] = positionals;
  if (others.length > 0) throw new Error('Name one folder');
  loadEnvFile();
  const secrets = new Set(secretsIn(process.env).keys());
  const { lines, counts, summary, isInOrder } = await checkFolder(directory, {
    hasWorkers: process.env.JOB_WORKERS === 'external',
    // CI usually has no secrets, and would be warned about each.
    ...(secrets.size > 0 && { secrets }),
  });
  process.stdout.write([...(values.counts ? counts : lines), summary, ''].join('\n'));
  process.exitCode = isInOrder ? 0 : 1;
} catch (error) {
  process.stderr.write(`${reasonOf(error)}\n`);
  process.exitCode = 2;
}
