import { readFileSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { workerData } from 'node:worker_threads';
import { beatMs } from './watchdog.ts';

/**
 * The main thread is blocked once it has not come round for so many ticks of this thread and has worked for so long in that
 * time, or not at all in the last few ticks, in milliseconds of processor time. Ticks, because neither thread runs while the
 * machine is suspended; processor time, because on a machine that is too busy a sound main thread can take that long for
 * little.
 */
const blocked = { ticks: 7, working: 5000, idle: 100, idleTicks: 5 };

const beats: Int32Array = workerData;
let last = -1;
/** The main thread's processor time when it last came round, and at each tick since. */
let times: [number, ...number[]] = [processorTime()];

setInterval(() => {
  const beat = Atomics.load(beats, 0);
  const now = processorTime();
  if (beat !== last) {
    last = beat;
    times = [now];
    return;
  }
  times.push(now);
  const silent = times.length - 1;
  if (silent < blocked.ticks) return;
  const worked = now - times[0];
  // It may have worked for a moment before it began to wait for ever.
  const workedLately = now - (times.at(-1 - blocked.idleTicks) ?? times[0]);
  if (worked < blocked.working && workedLately > blocked.idle) return;
  tell(`the main thread has been blocked for ${silent} s: Kickoff ends`);
  // A worker thread cannot end the process in any other way.
  process.kill(process.pid, 'SIGKILL');
}, beatMs);

/** The main thread's, in milliseconds; where the system does not tell it of one thread, the whole process's. */
function processorTime(): number {
  try {
    // Linux: nanoseconds on a processor, and two more numbers. The main thread has the id of the process.
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  } catch {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  }
}

/** A log line as pino writes it; its logger is the blocked thread's. */
function tell(msg: string): void {
  try {
    writeSync(1, `${JSON.stringify({ level: 60, time: Date.now(), pid: process.pid, hostname: hostname(), msg })}\n`);
  } catch {
    // Nobody reads the log, or not fast enough; the process ends all the same.
  }
}
