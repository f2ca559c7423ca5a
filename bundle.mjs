// Bundles the programs of Kickoff, as `npm pack` ships them, into dist/src and dist/demo: Node.js takes about a millisecond to
// find and load a module, and Kickoff has hundreds. Packages are left out, so that they are installed and updated as usual.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

/** Programs that Kickoff starts, which it finds beside its own file. */
const startedByKickoff = ['src/watchdog/watchdog-thread.ts', 'src/diagrams/picture-process.ts'];

await bundle('dist/src', ['src/main.ts', 'src/check-processes.ts', 'src/erase-client.ts', 'src/print-manifest.ts']);
await bundle('dist/demo', ['demo/main.ts']);

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
  // A running Kickoff may still load unchanged files.
  for (const { path, contents } of outputFiles) if (!holds(path, contents)) writeFileSync(path, contents);
  const written = new Set(outputFiles.map(({ path }) => basename(path)));
  for (const name of readdirSync(outdir)) if (!written.has(name)) rmSync(join(outdir, name), { recursive: true });
}

function holds(path, contents) {
  try {
    return readFileSync(path).equals(contents);
  } catch {
    return false;
  }
}
