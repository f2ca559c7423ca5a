import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where a server of a test listens on this machine. */
export interface Address {
  /** `http://…` without a path. */
  url: string;
  /** Ends connections and refuses new ones, until `comeBack`. */
  leave(): Promise<void>;
  /** Listens again, at the same address. */
  comeBack(): Promise<void>;
}

/** Lets the server listen on a free port. */
export async function listenAtAddress(server: Server): Promise<Address> {
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    leave: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    comeBack: () => listen(port),
  };
}
