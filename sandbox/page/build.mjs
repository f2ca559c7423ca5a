// Builds the page for the compiled sandbox, unless that was already done with the same files.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const page = import.meta.dirname;
const sandbox = join(page, '..');
const stamp = join(sandbox, '../dist/sandbox-page/.built-from');

/** A hash of everything that the page can depend on: it shares code with the sandbox. */
function fingerprint() {
  const hash = createHash('sha256').update(readFileSync(join(sandbox, '../package-lock.json')));
  const files = readdirSync(sandbox, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !entry.parentPath.includes('node_modules'),
  );
  for (const path of files.map(({ parentPath, name }) => join(parentPath, name)).sort()) {
    hash.update(path).update(readFileSync(path));
  }
  return hash.digest('hex');
}

const wanted = fingerprint();
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  const { build } = await import('vite');
  await build({ root: page, configFile: join(page, 'vite.config.ts'), logLevel: 'warn' });
  writeFileSync(stamp, wanted);
}
