import { own } from '../own.ts';
import { isEmptyValue } from '../processes/check-values.ts';
import type { ProcessDefinition } from '../processes/process-definition.ts';
import type { Variables } from '../processes/value-types.ts';
import { type Message, message } from '../words/message.ts';

/** The reason to refuse a start: the first required parameter without a value. */
export function missingParameter(
  { parameters }: Pick<ProcessDefinition, 'parameters'>,
  variables: Variables,
): Message | undefined {
  const missing = parameters.find(({ key, required }) => required && isEmptyValue(own(variables, key)));
  return missing && message('start.parameterEmpty', { parameter: missing.label });
}
