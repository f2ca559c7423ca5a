import { FeelAssertionError } from '../errors.ts';
import { isDayTimeDuration, isYearMonthDuration } from '../temporal.ts';
import { isoDurationText } from '../temporal-text.ts';
import { type FeelValue, isBoolean, isNull, isNumber, isString } from '../values.ts';
import { type Builtins, builtin } from './builtin.ts';

function assert(value: FeelValue, condition: FeelValue, cause: FeelValue): FeelValue {
  if (condition === true) return value;
  throw new FeelAssertionError(isString(cause) ? cause : 'the assertion is not fulfilled');
}

/** Marks a parameter for AI agents in the diagram; evaluates to its first argument. */
const fromAi = (parameters: string[]) => builtin(parameters, ([value = null]) => value);
const fromAiParameters = ['value', 'description', 'type', 'schema', 'options'];

/** Formats a timer cycle: `R3/PT1H`, or `R/PT1H` without an end. */
function cycle(repetitions: FeelValue, interval: FeelValue): FeelValue | undefined {
  if (!isDayTimeDuration(interval) && !isYearMonthDuration(interval)) return undefined;
  if (!isNull(repetitions) && !isNumber(repetitions)) return undefined;
  return `R${isNull(repetitions) ? '' : repetitions}/${isoDurationText(interval)}`;
}

export const logicBuiltins: Builtins = {
  not: [builtin(['negand'], ([value = null]) => (isBoolean(value) ? !value : isNull(value) ? value : null))],
  'is defined': [builtin(['value'], ([value = null]) => !isNull(value))],
  'get or else': [
    builtin(['value', 'default'], ([value = null, fallback = null]) => (isNull(value) ? fallback : value)),
  ],
  assert: [
    builtin(['value', 'condition'], ([value = null, condition = null]) => assert(value, condition, null)),
    builtin(['value', 'condition', 'cause'], ([value = null, condition = null, cause = null]) =>
      assert(value, condition, cause),
    ),
  ],
  fromAi: fromAiParameters.map((_, index) => fromAi(fromAiParameters.slice(0, index + 1))),
  cycle: [
    builtin(['interval'], ([interval = null]) => cycle(null, interval)),
    builtin(['repetitions', 'interval'], ([repetitions = null, interval = null]) => cycle(repetitions, interval)),
  ],
};
