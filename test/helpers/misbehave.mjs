// Loaded into Kickoff's process with --import: each SIGUSR2 does the next thing that MISBEHAVE names, and the last one again and
// again.
import { EventEmitter } from 'node:events';

const secret = Object.assign(new Error('it went wrong'), {
  body: 'xoxb-confidential',
  headers: { authorization: 'confidential' },
});

const ways = {
  loop() {
    for (;;);
  },
  // Works for a moment first, like a thread that then blocks for ever.
  sleep() {
    for (const end = performance.now() + 300; performance.now() < end; );
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  },
  throw() {
    setImmediate(() => {
      throw secret;
    });
  },
  reject() {
    void Promise.reject(secret);
  },
  reset() {
    setImmediate(() => new EventEmitter().emit('error', Object.assign(new Error('reset'), { code: 'ECONNRESET' })));
  },
  // Harmless: logs how much memory is in use (with --expose-gc).
  tellHeap() {
    globalThis.gc();
    const { heapUsed } = process.memoryUsage();
    process.stdout.write(`${JSON.stringify({ level: 30, msg: 'heap', heapUsed })}\n`);
  },
};

const names = process.env.MISBEHAVE.split(' ');
process.on('SIGUSR2', () => ways[names.length > 1 ? names.shift() : names[0]]());
