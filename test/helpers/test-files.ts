import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { anyDatabase } from './any-database.ts';

type Need = 'unit' | 'database' | 'anyDatabase';

/** Test files grouped by what their imports need, without those in the `excluded` folders. */
export function testFiles(excluded: string[]): Record<Need, string[]> {
  const found: Record<Need, string[]> = { unit: [], database: [], anyDatabase: [] };
  for (const name of readdirSync('test', { recursive: true, encoding: 'utf8' }).sort()) {
    const file = join('test', name);
    if (file.endsWith('.test.ts') && !excluded.some((folder) => file.startsWith(join(folder, '/')))) {
      found[needOf(file)].push(file);
    }
  }
  const inOneMode = anyDatabase.filter((file) => readFileSync(file, 'utf8').includes('anyDeliveryMode'));
  if (inOneMode.length > 0)
    throw new Error(`another delivery mode on each database: ${inOneMode.join(', ')} (test/helpers/any-database.ts)`);
  const gone = anyDatabase.filter((file) => !found.anyDatabase.includes(file));
  if (gone.length > 0)
    throw new Error(`no tests that use a database: ${gone.join(', ')} (test/helpers/any-database.ts)`);
  return found;
}

function needOf(file: string): Need {
  const imports = importsOf(file);
  const usesDatabase = imports.has('test/helpers/database.ts');
  if (usesDatabase) return anyDatabase.includes(file) ? 'anyDatabase' : 'database';
  // A program that a test starts without a database of the tests has its own, or none.
  const startsProcesses = imports.has('node:child_process') || imports.has('test/helpers/process.ts');
  return startsProcesses ? 'anyDatabase' : 'unit';
}

/** All imports of the file, including those of its imports in `test`. */
function importsOf(file: string, found = new Set<string>()): Set<string> {
  for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(/ from '([^']+)'/g)) {
    const imported = name.startsWith('.') ? normalize(join(dirname(file), name)) : name;
    if (found.has(imported)) continue;
    found.add(imported);
    if (imported.startsWith('test/') && imported.endsWith('.ts')) importsOf(imported, found);
  }
  return found;
}
