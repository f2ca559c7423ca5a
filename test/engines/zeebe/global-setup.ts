import type { TestProject } from 'vitest/node';
import { MissingToolError, startBridge } from './start-bridge.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the bridge to a new Zeebe is. */
    zeebeBridge: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const bridge = await startBridge().catch((error: unknown) => {
    if (!(error instanceof MissingToolError)) throw error;
    // Vitest would bury it between a stack and a word about test files that it has not looked for.
    process.stderr.write(`${error.message}\n`);
    return process.exit(1);
  });
  project.provide('zeebeBridge', bridge.address);
  return () => bridge.stop();
}
