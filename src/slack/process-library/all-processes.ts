import { listBoundLiveChats } from '../../bindings/queries.ts';
import { UserFacingError } from '../../errors.ts';
import type { Catalogue } from '../../processes/catalogue.ts';
import type { ProcessDefinition } from '../../processes/process-definition.ts';
import { message } from '../../words/message.ts';
import { processOfOption } from '../search-processes/process-search-block.ts';
import type { SlackContext } from '../slack-context.ts';

/** The process of an option's value. Throws a UserFacingError if it is gone. */
export function requireProcess(catalogue: Catalogue, option: string): ProcessDefinition {
  const definition = processOfOption(catalogue, option);
  if (!definition) throw new UserFacingError(message('process.gone'));
  return definition;
}

/** A process, and the names of the live chats whose events start it. */
export interface LibraryRow {
  definition: ProcessDefinition;
  usedBy: string[];
}

/** Adds to each process the names of the live chats that use it. */
export async function withUsers(
  { db, identity }: SlackContext,
  definitions: readonly ProcessDefinition[],
): Promise<LibraryRow[]> {
  const ids = definitions.map(({ id }) => id);
  const bound = ids.length > 0 ? await listBoundLiveChats(db, identity.teamId, ids) : [];
  return definitions.map((definition) => ({
    definition,
    usedBy: bound
      .filter(({ processDefinitionId }) => processDefinitionId === definition.id)
      .map(({ liveChatName }) => liveChatName),
  }));
}
