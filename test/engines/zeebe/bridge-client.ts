import { z } from 'zod';
import type { Variables } from '../../../src/processes/value-types.ts';
import { type EngineRecord, engineRecordSchema } from './engine-records.ts';

/** Zeebe rejected a command. `code` is Zeebe's own, such as `NOT_FOUND`. */
export class RejectedError extends Error {
  override readonly name = 'RejectedError';
  readonly code: string;
  constructor(code: string, reason: string) {
    super(reason);
    this.code = code;
  }
}

const activatedJobSchema = z.object({
  key: z.string(),
  type: z.string(),
  elementId: z.string(),
  processInstanceKey: z.string(),
  retries: z.number(),
  variables: z.record(z.string(), z.json()),
  headers: z.record(z.string(), z.string()),
});
export type ActivatedJob = z.infer<typeof activatedJobSchema>;

const nothing = z.object({});
const rejection = z.object({ code: z.string(), message: z.string() });

/** The operations of the bridge (bridge/); all may throw {@link RejectedError}. */
export type BridgeClient = ReturnType<typeof createBridgeClient>;

export function createBridgeClient(address: string) {
  const post = async <T>(operation: string, request: object, schema: z.ZodType<T>): Promise<T> => {
    const response = await fetch(`${address}/${operation}`, { method: 'POST', body: JSON.stringify(request) });
    const answer: unknown = await response.json();
    if (response.ok) return schema.parse(answer);
    const { code, message } = rejection.parse(answer);
    if (response.status === 409) throw new RejectedError(code, message);
    throw new Error(`${operation}: ${message}`);
  };
  const order = async (operation: string, request: object) => {
    await post(operation, request, nothing);
  };
  return {
    deploy: (files: Record<string, string>) => order('deploy', { files }),
    start: (processId: string, variables: Variables) =>
      post('start', { processId, variables }, z.object({ key: z.string() })),
    cancel: (key: string) => order('cancel', { key }),
    completeTask: (key: string, variables: Variables) => order('completeTask', { key, variables }),
    /** Activates all jobs of the type that no worker has. */
    activateJobs: async (type: string): Promise<ActivatedJob[]> =>
      (await post('activateJobs', { type }, z.object({ jobs: z.array(activatedJobSchema) }))).jobs,
    completeJob: (key: string, variables: Variables) => order('completeJob', { key, variables }),
    failJob: (key: string, reason: string, retries: number) => order('failJob', { key, reason, retries }),
    throwError: (key: string, error: { code: string; message: string; variables: Variables }) =>
      order('throwError', { key, ...error }),
    setRetries: (key: string, retries: number) => order('setRetries', { key, retries }),
    resolveIncident: (key: string) => order('resolveIncident', { key }),
    setVariables: (key: string, variables: Variables, local: boolean) =>
      order('setVariables', { key, variables, local }),
    publish: (message: {
      name: string;
      correlationKey: string;
      messageId?: string;
      timeToLiveMs: number;
      variables: Variables;
    }) => order('publish', message),
    broadcast: (name: string, variables: Variables) => order('broadcast', { name, variables }),
    /** Advances the engine's clock, and waits until everything that is due by then is done. */
    pass: (ms: number) => order('pass', { ms }),
    /** The records after the first `after` ones, and their total number. */
    records: (after: number): Promise<{ records: EngineRecord[]; next: number }> =>
      post('records', { after }, z.object({ records: z.array(engineRecordSchema), next: z.number() })),
  };
}
