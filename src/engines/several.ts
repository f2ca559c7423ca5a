import type { Db } from '../db/client.ts';
import { reasonOf } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { ProcessDefinition } from '../processes/process-definition.ts';
import { withTimeout } from '../with-timeout.ts';
import { message } from '../words/message.ts';
import { EngineRefusedError, EngineUnavailableError, type MessageReceivers, type ProcessEngine } from './engine.ts';
import {
  type EngineKeys,
  engineKeys,
  outwardElement,
  outwardError,
  outwardIncident,
  outwardInstance,
  outwardTask,
} from './engine-keys.ts';
import { createKnownDefinitions } from './known-definitions.ts';
import type { ProcessLibrary } from './process-library.ts';
import { listSwitchedOff, withSwitch } from './switched-off.ts';

export interface NamedEngine {
  /** Its name in ENGINES, and the prefix of its keys. */
  name: string;
  /** Its name for people. */
  label: string;
  /** Whether it is a separate system, which can be unavailable while Kickoff runs. */
  isElsewhere: boolean;
  engine: ProcessEngine;
  /** The library of process files, if the engine reads files. */
  library?: ProcessLibrary;
}

export interface AwayEngine {
  label: string;
  isElsewhere: boolean;
  reason: string;
}

/** Several engines behind one port. */
export interface Engines extends ProcessEngine {
  /** The engines that would not accept a start now. Returns within `patienceMs`. */
  listAway(patienceMs: number): Promise<AwayEngine[]>;
  /** Undefined if no engine reads files. Ids of its processes have no prefix. */
  library: ProcessLibrary | undefined;
}

interface Member extends NamedEngine {
  keys: EngineKeys;
  list(): Promise<ProcessDefinition[]>;
  /** The definitions that are known without asking the engine. */
  known(): Promise<ProcessDefinition[]>;
}

/**
 * Passes each call to the engine that its key belongs to, and calls without a key to all engines. An unavailable engine does
 * not block the others; each health check may take `patienceMs`.
 */
export function combineEngines(
  engines: NamedEngine[],
  { db, patienceMs, logger }: { db: Db; patienceMs: number; logger: Logger },
): Engines {
  const members = engines.map((one): Member => {
    const { list, known } = one.isElsewhere
      ? createKnownDefinitions(db, one.name, one.engine, logger)
      : { list: one.engine.listProcessDefinitions, known: one.engine.listProcessDefinitions };
    return { ...one, keys: engineKeys(one.name), list, known };
  });

  const ownerOf = (key: string): { member: Member; own: string } | undefined => {
    for (const member of members) {
      const own = member.keys.inward(key);
      if (own !== undefined) return { member, own };
    }
    return undefined;
  };
  /** Asks the engine that the key belongs to; undefined if there is none. */
  const ask = async <T>(
    key: string,
    question: (engine: ProcessEngine, own: string, keys: EngineKeys) => Promise<T>,
  ): Promise<T | undefined> => {
    const owner = ownerOf(key);
    if (!owner) return undefined;
    try {
      return await question(owner.member.engine, owner.own, owner.member.keys);
    } catch (error) {
      throw outwardError(owner.member.keys, error);
    }
  };
  /** The same for commands: refused if the engine of the key is not configured. */
  const tell = async <T>(
    key: string,
    command: (engine: ProcessEngine, own: string, keys: EngineKeys) => Promise<T>,
  ): Promise<T> => {
    if (!ownerOf(key)) throw new EngineRefusedError(message('engine.isNotSet', { engine: key.split(':')[0] ?? '' }));
    return (await ask(key, command)) as T;
  };
  /** Runs the command on every engine, even if some fail; then throws the first error. */
  const all = async (command: (member: Member) => Promise<void>): Promise<void> => {
    const outcomes = await Promise.allSettled(members.map(command));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  };

  const listAway = async (patienceMs: number): Promise<AwayEngine[]> => {
    const checks = members.map(async ({ engine, label, isElsewhere }): Promise<AwayEngine[]> => {
      try {
        await withTimeout(engine.checkHealth(), patienceMs);
        return [];
      } catch (error) {
        return [{ label, isElsewhere, reason: reasonOf(error) }];
      }
    });
    return (await Promise.all(checks)).flat();
  };

  return {
    listAway,
    limitsOf(key) {
      const owner = ownerOf(key);
      return owner ? owner.member.engine.limitsOf(owner.own) : new Set();
    },
    library: members.find(({ library }) => library)?.library,
    async listProcessDefinitions() {
      const off = await listSwitchedOff(db);
      const lists = await Promise.all(
        members.map(async ({ keys, label, list }) =>
          (await list()).map((definition) => ({
            ...definition,
            id: keys.outward(definition.id),
            ...(members.length > 1 && { engine: label }),
          })),
        ),
      );
      return lists.flat().map((definition) => withSwitch(definition, off));
    },
    startProcessInstance: (request) =>
      tell(request.processDefinitionId, async (engine, processDefinitionId, { outward }) => {
        const { processInstanceKey } = await engine.startProcessInstance({ ...request, processDefinitionId });
        return { processInstanceKey: outward(processInstanceKey) };
      }),
    getProcessInstance: (key) =>
      ask(key, async (engine, own, keys) => {
        const instance = await engine.getProcessInstance(own);
        return instance && outwardInstance(keys, instance);
      }),
    instanceLink(key) {
      const owner = ownerOf(key);
      return owner?.member.engine.instanceLink(owner.own);
    },
    cancelProcessInstance: (key) => tell(key, (engine, own) => engine.cancelProcessInstance(own)),
    getVariables: (key, options) => ask(key, (engine, own) => engine.getVariables(own, options)),
    setVariables: (request) =>
      tell(request.scopeKey, (engine, scopeKey) => engine.setVariables({ ...request, scopeKey })),
    listIncidents: async (key) =>
      (await ask(key, async (engine, own, keys) =>
        (await engine.listIncidents(own)).map((incident) => outwardIncident(keys, incident)),
      )) ?? [],
    resolveIncident: (key, options) => tell(key, (engine, own) => engine.resolveIncident(own, options)),
    listElementInstances: async (key) =>
      (await ask(key, async (engine, own, keys) =>
        (await engine.listElementInstances(own)).map((element) => outwardElement(keys, element)),
      )) ?? [],
    publishMessage: (published) => all(({ engine }) => engine.publishMessage(published)),
    async findMessageReceivers(name): Promise<MessageReceivers> {
      const found = await Promise.all(members.map((member) => receiversOf(member, name)));
      return {
        processDefinitionIds: found.flatMap(({ processDefinitionIds }) => processDefinitionIds),
        withoutStart: found.some(({ withoutStart }) => withoutStart),
      };
    },
    broadcastSignal: (signal) => all(({ engine }) => engine.broadcastSignal(signal)),
    getDiagram: (key) => ask(key, (engine, own) => engine.getDiagram(own)),
    getDefinitionDiagram: (id) => ask(id, (engine, own) => engine.getDefinitionDiagram(own)),
    getUserTask: (key) =>
      ask(key, async (engine, own, keys) => {
        const task = await engine.getUserTask(own);
        return task && outwardTask(keys, task);
      }),
    listUserTasks: async (key) =>
      (await ask(key, async (engine, own, keys) =>
        (await engine.listUserTasks(own)).map((task) => outwardTask(keys, task)),
      )) ?? [],
    assignUserTask: (request) =>
      tell(request.taskKey, (engine, taskKey) => engine.assignUserTask({ ...request, taskKey })),
    completeUserTask: (request) =>
      tell(request.taskKey, (engine, taskKey) => engine.completeUserTask({ ...request, taskKey })),
    onProcessInstanceChange(handler) {
      for (const { engine, keys } of members) engine.onProcessInstanceChange((key) => handler(keys.outward(key)));
    },
    onProcessDefinitionsChange(handler) {
      for (const { engine } of members) engine.onProcessDefinitionsChange(handler);
    },
    start: () => all(({ engine }) => engine.start()),
    async checkHealth() {
      const [away] = await listAway(patienceMs);
      if (away) throw new EngineUnavailableError(`${away.label}: ${away.reason}`);
    },
    stop: () => all(({ engine }) => engine.stop()),
  };
}

/** While the engine is unavailable, any of its processes may wait for the message. */
async function receiversOf({ engine, keys, known }: Member, messageName: string): Promise<MessageReceivers> {
  try {
    const { processDefinitionIds, withoutStart } = await engine.findMessageReceivers(messageName);
    return { processDefinitionIds: processDefinitionIds.map(keys.outward), withoutStart };
  } catch (error) {
    if (!(error instanceof EngineUnavailableError)) throw error;
    return { processDefinitionIds: (await known()).map(({ id }) => keys.outward(id)), withoutStart: false };
  }
}
