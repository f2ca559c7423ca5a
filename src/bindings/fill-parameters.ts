import { UserFacingError } from '../errors.ts';
import type { Parameter } from '../processes/process-definition.ts';
import { type Variables, valueTypeLabels } from '../processes/value-types.ts';
import { properties } from '../sessions/properties.ts';

/** A binding no longer fits its process; a person has to mend it. The message says what is wrong. */
export class UnfitMappingError extends UserFacingError {
  override readonly name = 'UnfitMappingError';
}

/** Parameter key → property code. */
export type Mapping = Record<string, string>;

const propertyByCode = new Map(properties.map((property) => [property.code, property]));

/**
 * What is wrong with a mapping, a line a mistake: a parameter that the process does not have, a property that sessions do
 * not have, or one of another type than its parameter. Types must be equal, whatever a client sends.
 */
export function mappingMistakes(mapping: Mapping, parameters: Parameter[]): string[] {
  return Object.entries(mapping).flatMap(([key, code]) => {
    const parameter = parameters.find((candidate) => candidate.key === key);
    const property = propertyByCode.get(code);
    if (!parameter) return [`The process has no parameter “${key}”.`];
    if (!property) return [`Sessions have no property “${code}”.`];
    if (property.type !== parameter.type) {
      return [
        `“${parameter.label}” (${valueTypeLabels[parameter.type]}) cannot be filled from “${property.label}” (${valueTypeLabels[property.type]}).`,
      ];
    }
    return [];
  });
}

/**
 * The process variables that a mapping makes of a session's property values. Throws {@link UnfitMappingError} if the
 * process's parameters now are not those that the mapping was made for, or a required one stays empty.
 */
export function fillParameters(mapping: Mapping, parameters: Parameter[], values: Variables): Variables {
  const [mistake] = mappingMistakes(mapping, parameters);
  if (mistake !== undefined) {
    throw new UnfitMappingError(`${mistake} Its parameters have changed: configure them again.`);
  }
  const variables: Variables = {};
  for (const parameter of parameters) {
    const code = mapping[parameter.key];
    const value = code === undefined ? undefined : values[code];
    if (value !== undefined) {
      variables[parameter.key] = value;
    } else if (parameter.required) {
      throw new UnfitMappingError(missingReason(parameter, code));
    }
  }
  return variables;
}

function missingReason(parameter: Parameter, code: string | undefined): string {
  if (code === undefined) return `“${parameter.label}” is required and not filled.`;
  return `“${parameter.label}” is required, but “${propertyByCode.get(code)?.label ?? code}” is not known of this session.`;
}

/** What changed between the parameters a mapping was made for and those the process has now, a line a change. */
export function parameterChanges(before: Parameter[], now: Parameter[]): string[] {
  const then = new Map(before.map((parameter) => [parameter.key, parameter]));
  const added = now.flatMap((parameter) => {
    const old = then.get(parameter.key);
    if (!old) return [`new: ${parameter.label}`];
    if (old.type !== parameter.type) return [`${parameter.label} is now of type ${valueTypeLabels[parameter.type]}`];
    if (!old.required && parameter.required) return [`${parameter.label} is now required`];
    return [];
  });
  const keys = new Set(now.map((parameter) => parameter.key));
  return [...added, ...before.filter(({ key }) => !keys.has(key)).map(({ label }) => `gone: ${label}`)];
}
