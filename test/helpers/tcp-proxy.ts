import { connect, createServer, type Server, type Socket } from 'node:net';

/** A proxy between Kickoff and a server, whose connections a test can cut. */
export interface TcpProxy {
  /** The target's URL through the proxy. */
  url: string;
  /** Number of connections accepted so far. */
  readonly connections: number;
  /** Cuts every connection and refuses new ones. */
  cut(): Promise<void>;
  /** From now on no data passes in either direction; new connections are still accepted. */
  stall(): void;
  /** Passes data and accepts connections again. */
  restore(): Promise<void>;
  close(): Promise<void>;
}

export async function startTcpProxy(targetUrl: string): Promise<TcpProxy> {
  const target = new URL(targetUrl);
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let port = 0;
  let connections = 0;
  let isStalled = false;

  const listen = async () => {
    server = createServer((socket) => {
      connections += 1;
      const upstream = connect(Number(target.port), target.hostname);
      for (const [one, other] of [
        [socket, upstream],
        [upstream, socket],
      ] as const) {
        sockets.add(one);
        one.on('error', () => other.destroy());
        one.on('close', () => {
          sockets.delete(one);
          other.destroy();
        });
        one.pipe(other);
        if (isStalled) one.pause();
      }
    });
    await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve));
    const address = server.address();
    if (typeof address === 'object' && address) port = address.port;
  };
  const cut = async () => {
    const closing = new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
    server = undefined;
    for (const socket of sockets) socket.destroy();
    await closing;
  };
  await listen();
  const url = new URL(targetUrl);
  url.port = String(port);
  return {
    url: url.href,
    get connections() {
      return connections;
    },
    cut,
    stall() {
      isStalled = true;
      for (const socket of sockets) socket.unpipe();
      for (const socket of sockets) socket.pause();
    },
    async restore() {
      // A stalled connection does not recover; clients must make new ones.
      if (isStalled) await cut();
      isStalled = false;
      if (!server) await listen();
    },
    close: cut,
  };
}
