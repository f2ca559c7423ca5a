import type { Database } from '../../src/db/client.ts';
import type { JobHandler, ProcessEngine } from '../../src/engines/engine.ts';
import type { Logger } from '../../src/logger.ts';
import type { World } from '../world.ts';

/** An external engine, used through Kickoff and directly. */
export interface MeasuredEngine {
  /** Creates the engine as Kickoff does, without starting it. */
  connect(): Promise<ProcessEngine>;
  processDefinitionId: string;
  /** The base URL of its API: `http://127.0.0.1:8080`. */
  origin: string;
  direct: DirectClient;
  close(): Promise<void>;
}

/** A client that calls the engine's own API directly, without Kickoff. */
export interface DirectClient {
  /** Starts an instance and returns its key. */
  start(): Promise<string>;
  /**
   * Waits until the instance's user task is visible, and reads what a person needs of it: its variables, and its assignee if
   * that takes a separate call. Undefined: the engine shows tasks to nobody.
   */
  readTask?: (instance: string) => Promise<void>;
}

export interface MeasuredEngineKind {
  name: string;
  /** Calls per minute that Kickoff may make while 1,000 instances are open and nothing happens. */
  idleCalls: number;
  /** Opens the engine, or returns the reason why it is not available on this machine. */
  open(own: OwnParts): Promise<MeasuredEngine | string>;
}

/** The dependencies that Kickoff gives to an engine. */
export interface OwnParts {
  world: World;
  database: Database;
  logger: Logger;
}

/** Start variables of the measured instances. */
export const startVariables = {
  owner: 'U012ABCDEF',
  clientName: 'Ann Example',
  clientEmail: 'ann@example.com',
  amount: 250,
  messageText: 'Hello, I would like to know more about your offer. Could somebody call me back tomorrow?',
  sessionId: '6f1c2a4e-3b7d-4a52-9c55-0f1f5d7a9b10',
};

const nothing: JobHandler = async () => ({});

/** Handlers for Kickoff's job types, so that it asks the engine for them. */
export const liveChatJobs = { 'live-chat:send-response': nothing, 'live-chat:send-message': nothing };

/** Makes a JSON call like any client. Throws if the status is not a success. */
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
