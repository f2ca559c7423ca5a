import { connect } from 'node:net';
import { signature } from '../../sandbox/delivery/http-transport.ts';

export interface RawAnswer {
  /** NaN if the connection was closed without an answer. */
  status: number;
  /** Milliseconds until the answer began, or the connection was closed. */
  after: number;
}

/** Writes raw bytes to a port of this machine, and keeps the connection open until there is an answer. */
export function sendRaw(port: number, bytes: string | Buffer): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const begun = performance.now();
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    const done = (status: number) => {
      resolve({ status, after: performance.now() - begun });
      socket.destroy();
    };
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      if (answer.includes('\r\n') && !answer.startsWith('HTTP/1.1 100 ')) done(Number(answer.split(' ')[1]));
    });
    // A server that refuses a body may reset the connection while it is still being sent.
    socket.on('error', () => done(Number.NaN));
    socket.on('close', () => done(Number.NaN));
  });
}

/** Formats a raw HTTP request. */
export function requestText(head: string, headers: Record<string, string> = {}, body = ''): string {
  const length = Buffer.byteLength(body);
  const all = { host: 'kickoff.example', 'content-length': String(length), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `${[`${head} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n${body}`;
}

/** Slack's signature headers for a body, `shift` seconds from now. */
export function signedHeaders(secret: string, body: string, { type = 'application/json', shift = 0 } = {}) {
  const timestamp = String(Math.floor(Date.now() / 1000) + shift);
  return {
    'content-type': type,
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': signature(secret, timestamp, body),
  };
}
