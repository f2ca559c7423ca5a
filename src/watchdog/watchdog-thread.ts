import { readFileSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { workerData } from 'node:worker_threads';
import { beatMs } from './watchdog.ts';

/**
 * The main thread counts as blocked if it missed `ticks` ticks of this thread, and in that time used `working` milliseconds of
 * processor time, or less than `idle` milliseconds in the last `idleTicks` ticks. Ticks are used because no thread runs while
 * the machine is suspended; processor time, because on an overloaded machine a healthy main thread can take that long.
 */
const blocked = { ticks: 7, working: 5000, idle: 100, idleTicks: 5 };

const beats: Int32Array = workerData;
let last = -1;
/** The main thread's processor time at its last sign of life, and at each tick since. */
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
  // It may have worked for a moment before it began to wait.
  const workedLately = now - (times.at(-1 - blocked.idleTicks) ?? times[0]);
  if (worked < blocked.working && workedLately > blocked.idle) return;
  tell(`the main thread has been blocked for ${silent} s: Kickoff ends`);
  // A worker thread cannot end the process in any other way.
  process.kill(process.pid, 'SIGKILL');
}, beatMs);

/** Processor time of the main thread in milliseconds; of the whole process if the system does not report threads. */
function processorTime(): number {
  try {
    // Linux: nanoseconds on a processor, and two more numbers. The main thread has the id of the process.
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  } catch {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  }
}

/** Writes a log line in pino's format; the logger itself is on the blocked thread. */
function tell(msg: string): void {
  try {
    writeSync(1, `${JSON.stringify({ level: 60, time: Date.now(), pid: process.pid, hostname: hostname(), msg })}\n`);
  } catch {
    // Nobody reads the log, or not fast enough; the process ends anyway.
  }
}
