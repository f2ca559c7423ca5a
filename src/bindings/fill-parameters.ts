import { UserFacingError } from '../errors.ts';
import { own } from '../own.ts';
import { withValueAt } from '../processes/form-path.ts';
import type { Parameter } from '../processes/process-definition.ts';
import type { Variables } from '../processes/value-types.ts';
import { type Property, properties, propertyName } from '../sessions/properties.ts';
import { type Message, message } from '../words/message.ts';

/** A binding no longer fits its process, and a person has to correct it. The message says what is wrong. */
export class UnfitMappingError extends UserFacingError {
  override readonly name = 'UnfitMappingError';
}

/** Parameter key → property code. */
export type Mapping = Record<string, string>;

const propertyByCode = new Map<string, Property>(properties.map((property) => [property.code, property]));

/**
 * The mistakes in a mapping, one sentence each: a parameter that the process does not have, a property that sessions do not
 * have, or a property of another type than its parameter. Checked on the server, whatever the client sends.
 */
export function mappingMistakes(mapping: Mapping, parameters: Parameter[]): Message[] {
  return Object.entries(mapping).flatMap(([key, code]) => {
    const parameter = parameters.find((candidate) => candidate.key === key);
    const property = propertyByCode.get(code);
    if (!parameter) return [message('mapping.noParameter', { parameter: key })];
    if (!property) return [message('mapping.noProperty', { property: code })];
    if (property.type !== parameter.type) {
      return [
        message('mapping.otherType', {
          parameter: parameter.label,
          parameterType: message(`type.${parameter.type}`),
          property: propertyName(property),
          propertyType: message(`type.${property.type}`),
        }),
      ];
    }
    return [];
  });
}

/**
 * The process variables that a mapping makes of a session's property values. Throws {@link UnfitMappingError} if the process's
 * parameters have changed since the mapping was made, or a required one stays empty.
 */
export function fillParameters(mapping: Mapping, parameters: Parameter[], values: Variables): Variables {
  const [mistake] = mappingMistakes(mapping, parameters);
  if (mistake !== undefined) {
    throw new UnfitMappingError(message('mapping.changed', { mistake }));
  }
  let variables: Variables = {};
  for (const parameter of parameters) {
    const code = own(mapping, parameter.key);
    const value = code === undefined ? undefined : own(values, code);
    if (value !== undefined) {
      variables = withValueAt(variables, parameter.key, value);
    } else if (parameter.required) {
      throw new UnfitMappingError(missingReason(parameter, code));
    }
  }
  return variables;
}

function missingReason(parameter: Parameter, code: string | undefined): Message {
  if (code === undefined) return message('start.parameterEmpty', { parameter: parameter.label });
  const property = propertyByCode.get(code);
  return message('start.propertyAbsent', {
    parameter: parameter.label,
    property: property ? propertyName(property) : code,
  });
}

/**
 * The changes that make a mapping unfit for the process's current parameters, one clause each. `before`: the parameters when
 * the mapping was saved.
 */
export function driftOf(mapping: Mapping, before: Parameter[], now: Parameter[]): Message[] {
  const then = new Map(before.map((parameter) => [parameter.key, parameter]));
  const left = new Map(now.map((parameter) => [parameter.key, parameter]));
  const broken = Object.keys(mapping).flatMap((key) => {
    const [old, parameter] = [then.get(key), left.get(key)];
    if (!parameter) return [goneOrRenamed(old?.label ?? key, old, now, then)];
    if (old && old.type !== parameter.type) {
      return [message('mapping.retyped', { parameter: parameter.label, type: message(`type.${parameter.type}`) })];
    }
    return [];
  });
  const missing = now.filter(({ key, required }) => required && own(mapping, key) === undefined);
  return [
    ...broken,
    ...missing.map(({ key, label }) =>
      message(then.has(key) ? 'mapping.nowRequired' : 'mapping.addedRequired', { parameter: label }),
    ),
  ];
}

/** People take a parameter with another key but the same label and type for the same parameter. */
const isSame = (one: Parameter, other: Parameter) => one.label === other.label && one.type === other.type;

/** Finds the parameter that replaced a removed one: another key, but the same label and type. */
export const renamedFrom = (old: Parameter, then: ReadonlyMap<string, Parameter>, now: readonly Parameter[]) =>
  now.find((one) => !then.has(one.key) && isSame(one, old));

function goneOrRenamed(
  label: string,
  old: Parameter | undefined,
  now: Parameter[],
  then: ReadonlyMap<string, Parameter>,
): Message {
  const renamed = old && renamedFrom(old, then, now);
  return renamed
    ? message('mapping.renamed', { parameter: label, key: renamed.key })
    : message('mapping.gone', { parameter: label });
}

/** The differences between the parameters that a mapping was made for and the current ones, one clause each. */
export function parameterChanges(before: Parameter[], now: Parameter[]): Message[] {
  const then = new Map(before.map((parameter) => [parameter.key, parameter]));
  const keys = new Set(now.map((parameter) => parameter.key));
  const gone = before.filter(({ key }) => !keys.has(key));
  const changed = now.flatMap((parameter) => {
    const { key, label, type, required } = parameter;
    const old = then.get(key);
    if (!old) return gone.some((one) => isSame(one, parameter)) ? [] : [message('mapping.added', { parameter: label })];
    if (old.type !== type) return [message('mapping.retyped', { parameter: label, type: message(`type.${type}`) })];
    if (!old.required && required) return [message('mapping.nowRequired', { parameter: label })];
    return [];
  });
  return [...changed, ...gone.map((old) => goneOrRenamed(old.label, old, now, then))];
}
