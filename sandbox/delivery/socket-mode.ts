import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { isObject, type JsonObject } from '../json.ts';
import type { DeliveryKind } from '../traffic.ts';
import type { AttemptOutcome, Transport } from './transport.ts';

const pingEveryMs = 5000;

/** The server side of Socket Mode: connections by ticket, envelopes out, acknowledgements in. */
export interface SocketMode extends Transport {
  /** Issues a ticket for one connection, the answer of `apps.connections.open`. */
  issueTicket(): string;
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, ticket: string): void;
  /** Refuses new connections while on. */
  refuse(on: boolean): void;
  /** Cuts every connection without a close frame, like a failing network. */
  drop(): void;
  /** Warns every connection that it will be renewed, and ends it after `ms`, as Slack does every few hours. */
  renew(ms: number): void;
  readonly connections: number;
}

const envelopeTypes: Record<DeliveryKind, string> = {
  event: 'events_api',
  interaction: 'interactive',
  options: 'interactive',
  command: 'slash_commands',
};

export function createSocketMode(options: { appId: string; onChange: () => void }): SocketMode {
  const server = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const connections: WebSocket[] = [];
  const waiting = new Map<string, { socket: WebSocket; settle: (outcome: AttemptOutcome) => void }>();
  let refusing = false;
  let turn = 0;

  function received(text: string): void {
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      return;
    }
    if (!isObject(message) || typeof message.envelope_id !== 'string') return;
    const payload = message.payload;
    const empty = isObject(payload) && Object.keys(payload).length === 0;
    waiting.get(message.envelope_id)?.settle({ acknowledged: true, answer: empty ? undefined : payload });
  }

  function connected(socket: WebSocket): void {
    connections.push(socket);
    const pings = setInterval(() => socket.ping(), pingEveryMs);
    socket.on('message', (data) => received(data.toString()));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearInterval(pings);
      connections.splice(connections.indexOf(socket), 1);
      for (const entry of [...waiting.values()]) {
        if (entry.socket === socket) entry.settle({ acknowledged: false, reason: 'timeout' });
      }
      options.onChange();
    });
    const debug = { host: 'sandbox', build_number: 1, approximate_connection_time: 18_060 };
    socket.send(
      JSON.stringify({
        type: 'hello',
        num_connections: connections.length,
        debug_info: debug,
        connection_info: { app_id: options.appId },
      }),
    );
    socket.ping();
    options.onChange();
  }

  return {
    mode: 'socket',
    get connections() {
      return connections.length;
    },
    issueTicket() {
      const ticket = randomUUID();
      tickets.add(ticket);
      return ticket;
    },
    handleUpgrade(request, socket, head, ticket) {
      if (refusing || !tickets.delete(ticket)) {
        socket.end(`HTTP/1.1 ${refusing ? '503 Service Unavailable' : '403 Forbidden'}\r\nconnection: close\r\n\r\n`);
        return;
      }
      server.handleUpgrade(request, socket, head, connected);
    },
    refuse(on) {
      refusing = on;
    },
    drop() {
      for (const socket of [...connections]) socket.terminate();
    },
    renew(ms) {
      for (const socket of connections) {
        const disconnect = (reason: 'warning' | 'refresh_requested') =>
          socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'sandbox' } }));
        disconnect('warning');
        const end = setTimeout(() => {
          disconnect('refresh_requested');
          socket.close();
        }, ms);
        socket.once('close', () => clearTimeout(end));
      }
    },
    async send(kind, body: JsonObject, { retry, timeoutMs }): Promise<AttemptOutcome> {
      const open = connections.filter((socket) => socket.readyState === socket.OPEN);
      turn += 1;
      const socket = open[turn % open.length];
      if (!socket) return { acknowledged: false, reason: 'connection_failed' };
      const id = randomUUID();
      const envelope: JsonObject = {
        envelope_id: id,
        payload: body,
        type: envelopeTypes[kind],
        accepts_response_payload: kind !== 'event',
      };
      if (kind === 'event') {
        envelope.retry_attempt = retry?.num ?? 0;
        envelope.retry_reason = retry?.reason ?? '';
      }
      return new Promise((resolve) => {
        const settle = (outcome: AttemptOutcome) => {
          clearTimeout(timer);
          waiting.delete(id);
          resolve(outcome);
        };
        const timer = setTimeout(() => settle({ acknowledged: false, reason: 'timeout' }), timeoutMs);
        waiting.set(id, { socket, settle });
        socket.send(JSON.stringify(envelope));
      });
    },
    close() {
      for (const socket of [...connections]) socket.terminate();
      server.close();
    },
  };
}
