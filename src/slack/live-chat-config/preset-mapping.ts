import { type Mapping, mappingMistakes, renamedFrom } from '../../bindings/fill-parameters.ts';
import type { Binding } from '../../bindings/queries.ts';
import { matchParameters } from '../../processes/match-parameters.ts';
import type { ProcessDefinition } from '../../processes/process-definition.ts';
import { properties } from '../../sessions/properties.ts';

/**
 * The initial mapping when somebody opens a process's parameters: the saved mapping as far as it still fits, including renamed
 * parameters; new parameters get the property that matches.
 */
export function presetMapping(definition: ProcessDefinition, binding: Binding | undefined): Mapping {
  const { id, parameters } = definition;
  const known = binding?.processDefinitionId === id ? binding : undefined;
  const seen = new Set(known?.parameters.map(({ key, type }) => `${type} ${key}`));
  const unseen = parameters.filter(({ key, type }) => !seen.has(`${type} ${key}`));
  const then = new Map(known?.parameters.map((parameter) => [parameter.key, parameter]));
  const keyNow = (key: string) => {
    const old = then.get(key);
    const isThere = parameters.some((parameter) => parameter.key === key);
    return (old && !isThere && renamedFrom(old, then, parameters)?.key) || key;
  };
  const fitting = Object.entries(known?.mapping ?? {})
    .map(([key, code]) => [keyNow(key), code] as const)
    .filter(([key, code]) => mappingMistakes({ [key]: code }, parameters).length === 0);
  return { ...matchParameters(unseen, properties), ...Object.fromEntries(fitting) };
}
