import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import { buffer, text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import pLimit from 'p-limit';
import type { ElementInstance } from '../engines/engine.ts';
import type { PictureOrder } from './picture-process.ts';
import { visitsOf } from './progress.ts';

/** Timeout of drawing, in milliseconds. */
const timeoutMs = 30_000;
const longestComplaint = 1000;
/** Nice value of the drawing process: deliveries go first. */
const niceness = 10;
/** At most two at a time: drawing one takes about 110 MB. */
const drawing = pLimit(2);

/** Node.js runs the built file, also in tests, which run from the sources. */
const built = import.meta.url.endsWith('.ts') ? '../../dist/src/picture-process.js' : './picture-process.js';
const program = fileURLToPath(new URL(built, import.meta.url));

/**
 * A picture (PNG) of a process with its author's layout, where an instance is, and the path it took. Returns undefined if the
 * file has no layout. Each picture is drawn in a process of its own, since the renderers do not free all their memory.
 */
export function drawPicture(xml: string, history: readonly ElementInstance[]): Promise<Buffer | undefined> {
  return drawing(() => draw({ xml, visits: visitsOf(history) }));
}

async function draw(order: PictureOrder): Promise<Buffer | undefined> {
  const child = spawn(process.execPath, [program], {
    timeout: timeoutMs,
    // Without secrets.
    env: {},
  });
  const ended = once(child, 'close');
  if (child.pid !== undefined) makeNice(child.pid);
  // A child that exits before it has read everything reports that by its exit code.
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
    // The process is gone, or the system does not allow it: drawing goes on anyway.
  }
}
