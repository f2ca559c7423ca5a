import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CrmRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: unknown;
  /** The unparsed body. */
  text: string;
}

/** A CRM that the processes under test call over HTTP. */
export interface Crm {
  url: string;
  requests: CrmRequest[];
  /** Answers the next `times` requests with this status in place of 201. */
  failNext(status: number, times: number): void;
  /** Sets the body of all further answers: an object as JSON, a text unchanged. */
  answer(body: object | string): void;
  /** Delays all answers until the returned function is called. */
  hold(): () => void;
  close(): Promise<void>;
}

export async function startCrm(): Promise<Crm> {
  const requests: CrmRequest[] = [];
  let failures: number[] = [];
  let answer: object | string | undefined;
  let held: Promise<void> = Promise.resolve();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    requests.push({
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: text === '' ? undefined : JSON.parse(text),
      text,
    });
    await held;
    const status = failures.shift() ?? 201;
    response.writeHead(status, { 'content-type': 'application/json' });
    const body = answer ?? { id: `lead-${requests.length}` };
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    failNext(status, times) {
      failures = Array.from({ length: times }, () => status);
    },
    answer(body) {
      answer = body;
    },
    hold() {
      let release = () => {};
      held = new Promise((resolve) => {
        release = resolve;
      });
      return release;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
