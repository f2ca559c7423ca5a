import type { TestProject } from 'vitest/node';
import { MissingToolError, startBridge } from './start-bridge.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The URL of the bridge to a new Zeebe. */
    zeebeBridge: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const bridge = await startBridge().catch((error: unknown) => {
    if (!(error instanceof MissingToolError)) throw error;
    // Written directly, because Vitest would show the message in the middle of other output.
    process.stderr.write(`${error.message}\n`);
    return process.exit(1);
  });
  project.provide('zeebeBridge', bridge.address);
  return () => bridge.stop();
}
