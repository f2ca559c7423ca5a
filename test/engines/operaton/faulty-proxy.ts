import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Address, listenAtAddress } from '../../helpers/address.ts';

/**
 * The fate of a call: it passes; its connection breaks before the engine gets it, or after the engine has carried it out; or it
 * is never answered, and never reaches the engine or does.
 */
export type Fate = 'pass' | 'cut before' | 'lose answer' | 'hold' | 'hold answer';

export interface FaultyProxy extends Address {
  /** `http://…/engine-rest` */
  url: string;
  /** Returns the fate of a call, named `POST /path`; every call passes unless a test sets another function. */
  fate: (call: string) => Fate;
  /** The calls that reached the engine. */
  passed: string[];
  /** The calls that were not answered. */
  held: string[];
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
  const address = await listenAtAddress(server);
  const proxy: FaultyProxy = {
    ...address,
    url: `${address.url}/engine-rest`,
    fate: () => 'pass',
    passed: [],
    held: [],
    close: address.leave,
  };
  return proxy;
}
