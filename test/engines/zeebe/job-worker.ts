import { BpmnError, type Job, JobError } from '../../../src/engines/engine.ts';
import type { Variables } from '../../../src/processes/value-types.ts';
import { type ActivatedJob, type BridgeClient, RejectedError } from './bridge-client.ts';
import type { EngineState } from './engine-state.ts';

export interface JobWorkerOptions {
  bridge: BridgeClient;
  state: EngineState;
  handle(job: Job, signal: AbortSignal): Promise<Variables>;
}

/** Passes Zeebe's jobs of all types to one handler, and the results back. */
export function createJobWorker({ bridge, state, handle }: JobWorkerOptions) {
  const attempts = new Map<string, number>();
  const working = new Set<{ key: string; abort: AbortController; done: Promise<void> }>();

  const work = async (activated: ActivatedJob, signal: AbortSignal): Promise<void> => {
    const { key } = activated;
    const attempt = (attempts.get(key) ?? 0) + 1;
    attempts.set(key, attempt);
    try {
      const job = { ...activated, processInstanceKey: state.outermost(activated.processInstanceKey), attempt };
      await answer(key, () => handle(job, signal));
    } catch (error) {
      // The element was left in the meantime, so the result comes too late.
      if (signal.aborted || (error instanceof RejectedError && error.code === 'NOT_FOUND')) return;
      throw error;
    }
  };
  const answer = async (key: string, result: () => Promise<Variables>): Promise<void> => {
    let variables: Variables;
    try {
      variables = await result();
    } catch (error) {
      if (error instanceof BpmnError) {
        const { code, message, variables: thrown } = error;
        return bridge.throwError(key, { code, message, variables: thrown });
      }
      if (error instanceof JobError) return bridge.failJob(key, error.message, error.retries);
      throw error;
    }
    return bridge.completeJob(key, variables);
  };

  return {
    /** Takes waiting jobs, and aborts those that are gone. `read` brings the state up to date. */
    async round(read: () => Promise<void>): Promise<void> {
      for (const { key, abort } of working) if (state.jobs.get(key)?.status === 'gone') abort.abort();
      const ready = [...state.jobs.values()].flatMap(({ type, status }) => (status === 'ready' ? [type] : []));
      const activated = (await Promise.all([...new Set(ready)].map(bridge.activateJobs))).flat();
      if (activated.length === 0) return;
      await read();
      for (const job of activated) {
        const known = state.jobs.get(job.key);
        if (known?.status === 'ready') known.status = 'taken';
        const abort = new AbortController();
        const one = { key: job.key, abort, done: work(job, abort.signal).finally(() => working.delete(one)) };
        working.add(one);
      }
    },
    async stop(): Promise<void> {
      for (const { abort } of working) abort.abort();
      await Promise.all([...working].map(({ done }) => done));
    },
  };
}
