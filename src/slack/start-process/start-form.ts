import { listBindings } from '../../bindings/queries.ts';
import { own } from '../../own.ts';
import { nestValues } from '../../processes/form-path.ts';
import type { ProcessDefinition } from '../../processes/process-definition.ts';
import type { Variables } from '../../processes/value-types.ts';
import { missingFiles } from '../../sessions/message-files.ts';
import type { SessionFacts } from '../../sessions/session-facts.ts';
import { readProperties } from '../../starts/run-start.ts';
import type { Message } from '../../words/message.ts';
import { presetMapping } from '../live-chat-config/preset-mapping.ts';
import type { SlackContext } from '../slack-context.ts';

/** Initial values of a start form. */
export interface Preset {
  variables: Variables;
  /** Why files of the message are missing in a field, by the field's key. */
  leftOut: Record<string, Message[]>;
}

/** Initial values from the mapping that this live chat has for the process, or from properties that match parameters. */
export async function presetValues(
  { db, directory, identity }: SlackContext,
  definition: ProcessDefinition,
  liveChatId: string,
  facts: SessionFacts,
): Promise<Preset> {
  const bindings = await listBindings(db, identity.teamId, liveChatId);
  const mapping = presetMapping(
    definition,
    bindings.find((binding) => binding.processDefinitionId === definition.id),
  );
  const { workspaceUrl } = identity;
  // An app's message has a blank author, who cannot be looked up.
  const person = async (id: string) => (id === '' ? undefined : directory.person(id));
  const properties = await readProperties(
    { people: { ...directory, person }, workspaceUrl },
    facts,
    Object.values(mapping),
  );
  const missing = missingFiles(facts.message?.files ?? []);
  return {
    variables: nestValues(
      Object.entries(mapping).flatMap(([key, code]) => {
        const value = own(properties, code);
        return value === undefined ? [] : [[key, value] as const];
      }),
    ),
    leftOut: Object.fromEntries(
      Object.entries(mapping).flatMap(([key, code]) => (code === 'message.files' ? [[key, missing]] : [])),
    ),
  };
}
