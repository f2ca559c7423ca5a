import type { Database } from '../../src/db/client.ts';
import type { JobHandler, ProcessEngine } from '../../src/engines/engine.ts';
import type { Logger } from '../../src/logger.ts';
import type { World } from '../world.ts';

/** An engine elsewhere: through Kickoff, and called directly. */
export interface MeasuredEngine {
  /** The engine as Kickoff has it, not started. */
  connect(): Promise<ProcessEngine>;
  processDefinitionId: string;
  /** Where its API is: `http://127.0.0.1:8080`. */
  origin: string;
  direct: DirectClient;
  close(): Promise<void>;
}

/** An engine's own API, as a client calls it that knows nothing of Kickoff. */
export interface DirectClient {
  /** Starts an instance and returns its key. */
  start(): Promise<string>;
  /**
   * Waits until the instance's user task shows, and reads what a person needs of it: its variables, and whose it is where
   * that is a call of its own. Undefined: the engine shows nobody its tasks.
   */
  readTask?: (instance: string) => Promise<void>;
}

export interface MeasuredEngineKind {
  name: string;
  /** Calls a minute that Kickoff may make while 1,000 instances are open and nothing happens. */
  idleCalls: number;
  /** Answers why, where the engine cannot be had on this machine. */
  open(own: OwnParts): Promise<MeasuredEngine | string>;
}

/** The parts of Kickoff's side of an engine. */
export interface OwnParts {
  world: World;
  database: Database;
  logger: Logger;
}

/** The variables that the measured instances are started with. */
export const startVariables = {
  owner: 'U012ABCDEF',
  clientName: 'Ann Example',
  clientEmail: 'ann@example.com',
  amount: 250,
  messageText: 'Hello, I would like to know more about your offer. Could somebody call me back tomorrow?',
  sessionId: '6f1c2a4e-3b7d-4a52-9c55-0f1f5d7a9b10',
};

const nothing: JobHandler = async () => ({});

/** Kickoff asks an engine for jobs of its own types. */
export const liveChatJobs = { 'live-chat:send-response': nothing, 'live-chat:send-message': nothing };

/** A call with JSON, as any client makes it. Throws unless the answer is a success. */
export async function callJson<T>(
  url: string,
  method: string,
  { body, authorization }: { body?: unknown; authorization?: string | undefined } = {},
): Promise<T> {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}
