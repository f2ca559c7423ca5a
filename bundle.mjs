// Bundles the programs of Kickoff, as `npm pack` ships them, into dist/src and dist/demo, and those of tests into dist/test:
// Node.js takes about a millisecond to find and load a module, and Kickoff has hundreds. Packages are left out, so that they
// are installed and updated as usual.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { build } from 'esbuild';

/** Programs that Kickoff starts, which it finds beside its own file. */
const startedByKickoff = ['src/watchdog/watchdog-thread.ts', 'src/diagrams/picture-process.ts'];

await bundle('dist/src', ['src/main.ts', 'src/check-processes.ts', 'src/erase-client.ts', 'src/print-manifest.ts']);
await bundle('dist/demo', ['demo/main.ts']);
// The image is built without tests.
if (existsSync('test')) await bundle('dist/test', ['test/helpers/short-leases.ts', 'test/helpers/engine-process.ts']);

/** Modules that several programs share, or that are loaded on first use, become files of their own. */
async function bundle(outdir, programs) {
  const { outputFiles } = await build({
    entryPoints: [...programs, ...startedByKickoff],
    entryNames: '[name]',
    outdir,
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20.20',
    sourcemap: true,
    sourcesContent: false,
    write: false,
  });
  mkdirSync(outdir, { recursive: true });
  // A Kickoff that starts now, or waits for its database or for Slack, may still load files of the build before. Once it is
  // ready, it loads no others. The programs come first in the list, and are written when all that they load is there.
  for (const { path, contents } of outputFiles.toReversed()) if (!holds(path, contents)) writeFileSync(path, contents);
  const newest = outputFiles.map(({ path }) => basename(path)).sort();
  const builds = buildsIn(`${outdir}.json`);
  // A build that changes nothing is none: most of the scripts in package.json build first.
  const before = isDeepStrictEqual(builds.newest, newest) ? builds.before : builds.newest;
  const kept = new Set([...newest, ...before]);
  for (const name of readdirSync(outdir)) if (!kept.has(name)) rmSync(join(outdir, name), { recursive: true });
  writeFileSync(`${outdir}.json`, JSON.stringify({ newest, before }));
}

/** The names of the files of the newest build, and of the one before. */
function buildsIn(path) {
  const none = { newest: [], before: [] };
  try {
    return { ...none, ...JSON.parse(readFileSync(path, 'utf8')) };
  } catch {
    return none;
  }
}

function holds(path, contents) {
  try {
    return readFileSync(path).equals(contents);
  } catch {
    return false;
  }
}
