import { stringifyJson } from '../../json.ts';
import { own } from '../../own.ts';
import { isEmptyValue } from '../../processes/check-values.ts';
import type { FileValue, Json, Variables } from '../../processes/value-types.ts';
import type { ElmaParameter } from './process-file.ts';

/**
 * The context of an instance, in ELMA365's formats: https://api.elma365.com/en/public-api/guides/DataType/. Variables that are
 * not parameters are left out.
 */
export function toContext(parameters: readonly ElmaParameter[], variables: Variables): Record<string, Json> {
  return Object.fromEntries(
    parameters.flatMap((parameter) => {
      const value = own(variables, parameter.key);
      if (value === undefined || isEmptyValue(value)) return [];
      return [[parameter.field ?? parameter.key, parameter.as === 'text' ? asText(value) : asTyped(parameter, value)]];
    }),
  );
}

function asTyped({ type, options = [] }: ElmaParameter, value: Json): Json {
  const category = (code: Json) => ({
    code,
    name: options.find((option) => option.value === code)?.label ?? String(code),
  });
  switch (type) {
    case 'email':
      return [{ type: 'work', email: value }];
    case 'phone':
      return [{ type: 'work', tel: String(value).replace(/[^\d+]/g, '') }];
    case 'choice':
      return [category(value)];
    case 'choices':
      return Array.isArray(value) ? value.map(category) : [category(value)];
    // ELMA365 represents a date as a point in time.
    case 'date':
      return `${value}T00:00:00Z`;
    case 'text':
    case 'link':
    case 'number':
    case 'boolean':
    case 'datetime':
    case 'user':
    case 'files':
      return value;
  }
}

function asText(value: Json): string {
  if (!Array.isArray(value)) return typeof value === 'object' ? stringifyJson(value) : String(value);
  return value.map((item) => (isFile(item) ? `${item.name} ${item.link}` : asText(item))).join('\n');
}

const isFile = (value: Json): value is Json & FileValue =>
  typeof value === 'object' && value !== null && 'link' in value && 'name' in value;
