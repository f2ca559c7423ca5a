import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * What becomes of a call: it passes; its connection breaks before the engine has it, or after the engine has done it; or it
 * is never answered, and never gets to the engine or does.
 */
export type Fate = 'pass' | 'cut before' | 'lose answer' | 'hold' | 'hold answer';

export interface FaultyProxy {
  url: string;
  /** Decides on each call by `POST /path`; every call passes unless a test says otherwise. */
  fate: (call: string) => Fate;
  /** The calls that reached the engine. */
  passed: string[];
  /** The calls that have no answer. */
  held: string[];
  close(): Promise<void>;
}

/** A way to the engine that breaks as a test wants. */
export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const call = `${request.method} ${request.url}`;
    const fate = proxy.fate(call);
    if (fate === 'hold') return void proxy.held.push(call);
    if (fate === 'cut before') return void response.destroy();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const answer = await fetch(new URL(request.url ?? '', target), {
      method: request.method ?? 'GET',
      headers: {
        authorization: request.headers.authorization ?? '',
        'content-type': request.headers['content-type'] ?? 'application/json',
      },
      ...(body.length > 0 && { body }),
    });
    const text = await answer.text();
    proxy.passed.push(call);
    if (fate === 'hold answer') return void proxy.held.push(call);
    if (fate === 'lose answer') return void response.destroy();
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(text);
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: FaultyProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/engine-rest`,
    fate: () => 'pass',
    passed: [],
    held: [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
}
