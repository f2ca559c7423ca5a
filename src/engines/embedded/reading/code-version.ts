import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * A hash of the code of a module, of the modules that it imports, and of the versions of the packages that they use: what they
 * compute can be kept for as long as the hash stays the same.
 */
export function codeVersion(moduleUrl: string): string {
  const hash = createHash('sha256').update(process.version);
  const seen = new Set<string>();
  const add = (path: string | undefined) => {
    if (path === undefined || seen.has(path)) return;
    seen.add(path);
    const code = readFileSync(path, 'utf8');
    hash.update(`\0${code}`);
    for (const name of path.endsWith('.json') ? dependenciesIn(code) : importsIn(code))
      add(fileOf(name, dirname(path)));
  };
  add(fileURLToPath(moduleUrl));
  return hash.digest('hex');
}

/** In `from '…'`, `import '…'`, `import('…')`, and `createRequire(…)('…')`, also in the double quotes of a bundle. */
const importsIn = (code: string): string[] =>
  [...code.matchAll(/(?:\bfrom |\bimport |\bimport\(|\)\()(['"])([^'"\s:]+)\1/g)].flatMap(([, , name]) => name ?? []);

const dependenciesIn = (packageJson: string): string[] => Object.keys(JSON.parse(packageJson).dependencies ?? {});

/** The file of an imported module, or the `package.json` of its package; undefined for text that only looks like an import. */
function fileOf(name: string, directory: string): string | undefined {
  if (!name.startsWith('.')) return packageFile(/^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name, directory);
  const path = join(directory, name);
  return existsSync(path) ? path : undefined;
}

/** Looks for an installed package where Node does: in the nearest `node_modules` that has it. */
function packageFile(name: string, directory: string): string | undefined {
  const path = join(directory, 'node_modules', name, 'package.json');
  if (existsSync(path)) return path;
  const above = dirname(directory);
  return above === directory ? undefined : packageFile(name, above);
}
