import { connect, type Socket } from 'node:net';

/** A complete HTTP request that can be written to a socket. */
export type RawRequest = Buffer;

export interface LoadResult {
  /** From the first request to the last answer, in milliseconds. */
  elapsedMs: number;
  /** The latency of each request, in milliseconds. */
  latencies: number[];
  /** Requests per second. */
  rate: number;
}

export interface LoadOptions {
  port: number;
  requests: RawRequest[];
  concurrency?: number;
  /** Throws if the load takes longer than this, in milliseconds. */
  limitMs?: number;
  /** A text that every answer must contain. */
  expected?: string;
}

/**
 * Sends the requests over kept-alive connections, one at a time on each, and waits for every answer. Throws for any status but
 * 200. Uses bare sockets: Node's own client takes nearly as long for a request as the measured servers take to answer it, and
 * both share a machine.
 */
export async function sendLoad(options: LoadOptions): Promise<LoadResult> {
  const { port, requests, concurrency = 16, limitMs = 120_000, expected = '' } = options;
  const sockets = await Promise.all(Array.from({ length: concurrency }, () => open(port)));
  const timer = setTimeout(() => {
    for (const socket of sockets) socket.destroy(new Error(`the load took more than ${limitMs} ms`));
  }, limitMs);
  const latencies: number[] = [];
  let next = 0;
  const begun = performance.now();
  try {
    await Promise.all(
      sockets.map(async (socket) => {
        for (let request = requests[next++]; request; request = requests[next++]) {
          const sent = performance.now();
          const answer = await exchange(socket, request);
          latencies.push(performance.now() - sent);
          if (!answer.includes(expected)) throw new Error(`an answer without “${expected}”: ${answer.slice(0, 500)}`);
        }
      }),
    );
  } finally {
    clearTimeout(timer);
    for (const socket of sockets) socket.destroy();
  }
  const elapsedMs = performance.now() - begun;
  return { elapsedMs, latencies, rate: (requests.length / elapsedMs) * 1000 };
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('connect', resolve);
  });
  return socket;
}

function exchange(socket: Socket, request: RawRequest): Promise<string> {
  return new Promise((resolve, reject) => {
    // Closed between two requests, when no event is emitted any more.
    if (socket.destroyed) return reject(new Error('the server closed the connection'));
    let answer = '';
    const finish = (error?: Error) => {
      socket.off('data', onData).off('error', finish).off('close', onClose);
      if (error) reject(error);
      else resolve(answer);
    };
    const onClose = () => finish(new Error('the server closed the connection'));
    const onData = (chunk: Buffer) => {
      answer += chunk.toString('latin1');
      if (!isComplete(answer)) return;
      finish(answer.startsWith('HTTP/1.1 200') ? undefined : new Error(answer.slice(0, answer.indexOf('\r\n'))));
    };
    socket.on('data', onData).once('error', finish).once('close', onClose);
    socket.write(request);
  });
}

/** Whether an answer (in Latin-1) is complete, by its content length or its last chunk. */
function isComplete(answer: string): boolean {
  const end = answer.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(answer.slice(0, end));
  return length ? answer.length >= end + 4 + Number(length[1]) : answer.endsWith('\r\n0\r\n\r\n');
}
