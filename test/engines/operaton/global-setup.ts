import type { TestProject } from 'vitest/node';
import { buildServer, type RunningServer, startServer, type Vendor, vendors } from './start-server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Vendor → URL of its server. */
    engineServers: Record<string, string>;
  }
}

/** `ENGINE_SERVERS` names running servers to use in place of new ones: `operaton=http://…,camunda=…`. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  // One after the other, like the servers: Maven and two JVMs at the same time take longer on two cores.
  for (const vendor of vendors) await buildServer(vendor);
  const given = process.env.ENGINE_SERVERS;
  if (given) {
    project.provide(
      'engineServers',
      Object.fromEntries(given.split(',').map((one) => one.split('=') as [string, string])),
    );
    return async () => {};
  }
  const servers: { vendor: Vendor; server: RunningServer }[] = [];
  for (const vendor of vendors) servers.push({ vendor, server: await startServer(vendor) });
  project.provide('engineServers', Object.fromEntries(servers.map(({ vendor, server }) => [vendor, server.address])));
  return async () => {
    await Promise.all(servers.map(({ server }) => server.stop()));
  };
}
