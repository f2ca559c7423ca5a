import type { Form } from '../../processes/form.ts';
import { type ProcessDefinition, parametersOf } from '../../processes/process-definition.ts';

/** A process of an external engine. */
export interface RemoteDefinition {
  /** Kickoff's id of the process, without the engine's prefix. */
  id: string;
  name: string;
  version: number;
  /** Extension properties of the process. */
  properties: ReadonlyMap<string, string>;
  documentation: string | undefined;
}

/** Describes an external engine's process for people, from the properties in its file. */
export function describeDefinition(
  { id, name, version, properties, documentation }: RemoteDefinition,
  startForm: Form | undefined,
): ProcessDefinition {
  const workspace = properties.get('workspace')?.trim() || undefined;
  const app = workspace === undefined ? undefined : properties.get('app')?.trim() || undefined;
  const description = properties.get('description')?.trim() || documentation;
  return {
    id,
    name,
    version,
    ...(workspace !== undefined && { workspace }),
    ...(app !== undefined && { app }),
    ...(description !== undefined && { description }),
    ...(startForm && { startForm }),
    parameters: startForm ? parametersOf(startForm) : [],
  };
}
