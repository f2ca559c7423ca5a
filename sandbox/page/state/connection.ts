import type { Answer, Push, RequestName, Requests } from '../../page-server/protocol.ts';

/** The server refused a request; the message is a sentence for the person. */
export class RefusedError extends Error {
  override name = 'RefusedError';
}

interface ConnectionOptions {
  url: string;
  onPush(push: Push): void;
  onState(connected: boolean): void;
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** Delays before reconnecting, in milliseconds; the last one repeats. */
const retryDelays = [100, 300, 1000, 3000];

/** The page's WebSocket. Reconnects by itself; pending requests are rejected when the connection breaks. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #waiting = new Map<number, Waiting>();
  #socket: WebSocket | undefined;
  #lastId = 0;
  #failures = 0;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  open(): void {
    const socket = new WebSocket(this.#options.url);
    this.#socket = socket;
    socket.addEventListener('open', () => {
      this.#failures = 0;
      this.#options.onState(true);
    });
    socket.addEventListener('message', (event) => this.#receive(JSON.parse(String(event.data))));
    socket.addEventListener('close', () => this.#lost());
  }

  /** Sends a request; rejects with a {@link RefusedError} if the server refuses it. */
  request<Name extends RequestName>(request: Name, args: Requests[Name]['args']): Promise<Requests[Name]['result']> {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN) {
      return Promise.reject(new RefusedError('The sandbox cannot be reached right now. Is it still running?'));
    }
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: (result) => resolve(result as Requests[Name]['result']), reject });
      socket.send(JSON.stringify({ id, request, args }));
    });
  }

  #receive(message: Push | Answer): void {
    if ('push' in message) {
      this.#options.onPush(message);
      return;
    }
    const waiting = this.#waiting.get(message.answer);
    this.#waiting.delete(message.answer);
    if (message.ok) waiting?.resolve(message.result);
    else waiting?.reject(new RefusedError(message.error));
  }

  #lost(): void {
    this.#options.onState(false);
    for (const { reject } of this.#waiting.values()) reject(new RefusedError('The connection to the sandbox broke.'));
    this.#waiting.clear();
    const delay = retryDelays[Math.min(this.#failures, retryDelays.length - 1)];
    this.#failures += 1;
    setTimeout(() => this.open(), delay);
  }
}
