import type { IncomingMessage, ServerResponse } from 'node:http';
import { contentSecurityPolicy } from '../page-server/static-files.ts';
import { crmPage, crmScript, crmStyle } from './crm-page.ts';
import { Leads, leadSchema } from './leads.ts';

/** A small CRM that example processes can call over HTTP. */
export interface Crm {
  /** Handles requests to `/crm` and below. */
  handleRequest(request: IncomingMessage, response: ServerResponse): void;
  /** Ends the connections that notify pages of new leads. */
  close(): void;
}

export interface CrmOptions {
  /** The folder that stores the leads; absent: in memory. */
  folder?: string | undefined;
  /** Returns why a request is refused; undefined if it is allowed. */
  foreignness: (request: IncomingMessage) => string | undefined;
  /** Called when a lead was created, or requested again. */
  onLead: () => void;
  now?: () => Date;
}

/** Maximum size of a posted lead, in bytes. */
const maxBody = 100_000;

const pages: Record<string, { contentType: string; text: string }> = {
  '/crm': { contentType: 'text/html; charset=utf-8', text: crmPage },
  '/crm/style.css': { contentType: 'text/css; charset=utf-8', text: crmStyle },
  '/crm/page.js': { contentType: 'text/javascript; charset=utf-8', text: crmScript },
};

function answerJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > maxBody) return undefined;
    chunks.push(chunk as Buffer);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    return undefined;
  }
}

/** Opens the CRM with the leads stored earlier. */
export async function openCrm({ folder, foreignness, onLead, now = () => new Date() }: CrmOptions): Promise<Crm> {
  const leads = await Leads.open(folder);
  const watching = new Set<ServerResponse>();

  async function takeLead(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Other content types could be sent by a plain form of another site.
    const isJson = /^application\/json\b/.test(request.headers['content-type'] ?? '');
    const lead = leadSchema.safeParse(isJson ? await readJson(request) : undefined);
    if (!lead.success) return answerJson(response, 422, { error: 'This is no lead in JSON' });
    const key = request.headers['idempotency-key'];
    const taken = await leads.take(lead.data, typeof key === 'string' ? key : undefined, now());
    answerJson(response, taken.existed ? 409 : 201, { id: taken.id });
    if (taken.isRepeated) return;
    onLead();
    for (const page of watching) page.write('data: lead\n\n');
  }

  function watch(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(': leads\n\n');
    watching.add(response);
    response.once('close', () => watching.delete(response));
  }

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const reason = foreignness(request);
    if (reason !== undefined) return answerJson(response, 403, { error: reason });
    const path = (request.url?.split('?')[0] ?? '/').replace(/\/$/, '');
    const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
    if (path === '/crm/leads' && request.method === 'POST') return takeLead(request, response);
    if (request.method !== 'GET') return answerJson(response, 405, { error: 'Leads are posted to /crm/leads' });
    if (path === '/crm/leads') return answerJson(response, 200, { leads: leads.all });
    if (path === '/crm/events') return watch(response);
    if (!page) return answerJson(response, 404, { error: 'There is no such page' });
    response.writeHead(200, {
      'content-type': page.contentType,
      'content-security-policy': contentSecurityPolicy,
      'cache-control': 'no-cache',
    });
    response.end(page.text);
  }

  return {
    handleRequest(request, response) {
      route(request, response).catch((error: unknown) => {
        if (!response.headersSent) answerJson(response, 500, { error: String(error) });
      });
    },
    close() {
      for (const page of watching) page.end();
    },
  };
}
