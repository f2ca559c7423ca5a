import type { TestProject } from 'vitest/node';
import { type RunningServer, startServer, type Vendor, vendors } from './start-server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Vendor → where its server is. */
    engineServers: Record<string, string>;
  }
}

/** `ENGINE_SERVERS`, addresses of servers that run already, spares the wait for new ones: `operaton=http://…,camunda=…`. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.ENGINE_SERVERS;
  if (given) {
    project.provide(
      'engineServers',
      Object.fromEntries(given.split(',').map((one) => one.split('=') as [string, string])),
    );
    return async () => {};
  }
  // One after the other: Maven and two JVMs at once take longer on two cores.
  const servers: { vendor: Vendor; server: RunningServer }[] = [];
  for (const vendor of vendors) servers.push({ vendor, server: await startServer(vendor) });
  project.provide('engineServers', Object.fromEntries(servers.map(({ vendor, server }) => [vendor, server.address])));
  return async () => {
    await Promise.all(servers.map(({ server }) => server.stop()));
  };
}
