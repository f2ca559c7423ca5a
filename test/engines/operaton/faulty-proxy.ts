import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * The fate of a call: it passes; its connection breaks before the engine gets it, or after the engine has carried it out; or it
 * is never answered, and never reaches the engine or does.
 */
export type Fate = 'pass' | 'cut before' | 'lose answer' | 'hold' | 'hold answer';

export interface FaultyProxy {
  url: string;
  /** Returns the fate of a call, named `POST /path`; every call passes unless a test sets another function. */
  fate: (call: string) => Fate;
  /** The calls that reached the engine. */
  passed: string[];
  /** The calls that were not answered. */
  held: string[];
  /** Refuses connections until `comeBack`. */
  leave(): Promise<void>;
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

/** A proxy to the engine with faults that a test controls. */
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
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const stopListening = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const proxy: FaultyProxy = {
    url: `http://127.0.0.1:${port}/engine-rest`,
    fate: () => 'pass',
    passed: [],
    held: [],
    leave: stopListening,
    comeBack: () => listen(port),
    close: stopListening,
  };
  return proxy;
}
