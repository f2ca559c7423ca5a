import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import { buffer, text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import pLimit from 'p-limit';
import type { ElementInstance } from '../engines/engine.ts';
import type { PictureOrder } from './picture-process.ts';
import { visitsOf } from './progress.ts';

/** How long drawing may take, in milliseconds. */
const timeoutMs = 30_000;
const longestComplaint = 1000;
/** Deliveries go first. */
const niceness = 10;
/** However many people ask for pictures: each being drawn takes some 110 MB. */
const drawing = pLimit(2);

/** Node.js runs what was built, also for tests, which run from the sources. */
const built = import.meta.url.endsWith('.ts') ? '../../dist/src/diagrams/picture-process.js' : './picture-process.js';
const program = fileURLToPath(new URL(built, import.meta.url));

/**
 * A picture (PNG) of a process as its author laid it out, with where an instance stands and the way it took. Undefined: the
 * file has no layout. Each picture has a process of its own: what the renderers take does not all come back.
 */
export function drawPicture(xml: string, history: readonly ElementInstance[]): Promise<Buffer | undefined> {
  return drawing(() => draw({ xml, visits: visitsOf(history) }));
}

async function draw(order: PictureOrder): Promise<Buffer | undefined> {
  const child = spawn(process.execPath, [program], {
    timeout: timeoutMs,
    // None of our secrets are its business.
    env: {},
  });
  const ended = once(child, 'close');
  if (child.pid !== undefined) makeNice(child.pid);
  // A child that is gone before it has read everything says so by its exit code.
  child.stdin.on('error', () => {});
  child.stdin.end(JSON.stringify(order));
  const [png, complaint, [code, signal]] = await Promise.all([buffer(child.stdout), text(child.stderr), ended]);
  if (code !== 0) {
    throw new Error(`the picture was not drawn (${signal ?? code})`, { cause: complaint.slice(0, longestComplaint) });
  }
  return png.length > 0 ? png : undefined;
}

function makeNice(pid: number): void {
  try {
    setPriority(pid, niceness);
  } catch {
    // It is gone already, or this system does not let us: it is drawn all the same.
  }
}
