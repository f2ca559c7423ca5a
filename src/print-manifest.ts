import { readFile } from 'node:fs/promises';
import { reasonOf } from './errors.ts';
import { fillHttpManifest } from './slack/http-manifest.ts';

/** `npm run manifest -- HOST`: prints manifest.http.yml with the host in it. */
try {
  const [host = ''] = process.argv.slice(2);
  process.stdout.write(fillHttpManifest(await readFile('manifest.http.yml', 'utf8'), host));
} catch (error) {
  process.stderr.write(`${reasonOf(error)}\n`);
  process.exitCode = 1;
}
