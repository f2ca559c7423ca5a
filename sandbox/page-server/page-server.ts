import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Core } from '../core.ts';
import type { Call, Delivery } from '../traffic.ts';
import { nameInUrl } from '../wire/files.ts';
import { answerRequest } from './answer-request.ts';
import { Checklist, type ChecklistTask } from './checklist.ts';
import { Page } from './page.ts';
import type { Answer, Hello, Push } from './protocol.ts';
import { foreignness } from './refuse-foreign.ts';
import { pageSize } from './show-message.ts';
import { slackCommands } from './slack-commands.ts';
import { serveFile } from './static-files.ts';
import { maxFileBytes, maxPartBytes } from './uploads.ts';

export interface PageServerOptions {
  checklist?: ChecklistTask[] | undefined;
  /** Further pages on the same server. */
  links?: { label: string; url: string }[] | undefined;
  /** A name of this machine in addition to `localhost`. */
  hostName?: string | undefined;
  /** Resets the workspace, with a new sandbox; throws if that is not possible. */
  reset?: (() => Promise<void>) | undefined;
}

/** The page through which people use the workspace, and its WebSocket. */
export interface PageServer {
  readonly checklist: Checklist;
  /** Serves the page, and the files shared in the workspace. */
  handleRequest(request: IncomingMessage, response: ServerResponse, path: string): Promise<void>;
  /** Accepts a connection to `/sandbox/socket`. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Why a request to any part of the sandbox is refused; undefined if it is allowed. */
  foreignness(request: IncomingMessage): string | undefined;
  close(): void;
}

/** Changes are pushed together, this many milliseconds after the first one. */
const gatherMs = 10;

const maxMessageBytes = 1024 * 1024;

function helloOf(core: Core, links: Hello['links']): Hello {
  const { state, manifest } = core;
  const own = Object.entries(slackCommands).map(([command, { description, usage }]) => ({
    command,
    description,
    usage,
    isOfApp: false,
  }));
  const ofApp = manifest.commands.map((command) => ({
    command,
    description: manifest.commandHints[command]?.description ?? '',
    usage: manifest.commandHints[command]?.usage ?? '',
    isOfApp: true,
  }));
  return {
    epoch: state.epoch,
    team: { id: state.team.id, name: state.team.name, domain: state.team.domain },
    otherTeams: state.otherTeams.map(({ id, name }) => ({ id, name })),
    app: {
      name: state.app.name,
      userId: state.app.botUserId,
      homeTab: manifest.homeTab,
      messagesTab: manifest.messagesTab,
    },
    commands: [...ofApp, ...own],
    shortcuts: manifest.shortcuts,
    links,
    maxFileBytes,
    maxPartBytes,
    pageSize,
  };
}

export function createPageServer(core: Core, connections: () => number, options: PageServerOptions = {}): PageServer {
  const { links = [], hostName } = options;
  const checklist = new Checklist(core, options.checklist ?? []);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes });
  const pages = new Set<Page>();
  let timer: NodeJS.Timeout | undefined;

  const tellSoon = () => {
    if (pages.size === 0) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      for (const page of pages) page.tell();
    }, gatherMs);
  };
  core.traffic.onChange.on('change', tellSoon);
  const wentOn = (entry: Delivery | Call) => {
    for (const page of pages) page.wentOn(entry);
    tellSoon();
  };
  core.traffic.onChange.on('delivery', wentOn);
  core.traffic.onChange.on('call', wentOn);
  const reset = async () => {
    if (!options.reset) throw new Error('This workspace cannot be reset');
    await options.reset();
  };

  function connected(socket: WebSocket): void {
    const send = (message: Push | Answer) => socket.send(JSON.stringify(message));
    const page = new Page({ core, checklist, connections, reset, send });
    pages.add(page);
    socket.on('error', () => socket.terminate());
    socket.on('close', () => pages.delete(page));
    const answerTo = async (text: string) => {
      const answer = await answerRequest(page, text);
      page.tell();
      if (answer) send(answer);
      else socket.close(1007, 'That is no request');
    };
    socket.on('message', (data) => {
      answerTo(data.toString()).catch(() => socket.close(1011, 'That cannot be shown'));
    });
    send({ push: 'hello', ...helloOf(core, links) });
    page.tell();
  }

  return {
    checklist,
    foreignness: (request) => foreignness(request, hostName),
    async handleRequest(request, response, path) {
      const [, id] = /^\/sandbox\/files\/([^/]+)\//.exec(path) ?? [];
      if (id === undefined) return serveFile(request, response, path);
      const file = core.state.files[id];
      if (!file) {
        response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found');
        return;
      }
      // Uploaded files must not run as a page of the sandbox.
      const isPicture = /^image\/(png|jpeg|gif|webp|avif)$/.test(file.mimetype);
      response.writeHead(200, {
        'content-type': isPicture ? file.mimetype : 'application/octet-stream',
        'content-disposition': `${isPicture ? 'inline' : 'attachment'}; filename*=UTF-8''${nameInUrl(file)}`,
        'content-security-policy': "default-src 'none'; sandbox",
        'cross-origin-resource-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
      });
      response.end(Buffer.from(file.content, 'base64'));
    },
    handleUpgrade(request, socket, head) {
      // A page always sends its origin. Without one it is a program on this machine, which is allowed as well.
      sockets.handleUpgrade(request, socket, head, connected);
    },
    close() {
      clearTimeout(timer);
      core.traffic.onChange.off('change', tellSoon);
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      pages.clear();
    },
  };
}
