import type { Rounding } from '../decimal.ts';
import { type Evaluation, sizes } from '../evaluation.ts';
import * as numbers from '../numbers.ts';
import { DayTimeDuration, isDayTimeDuration, isYearMonthDuration, YearMonthDuration } from '../temporal.ts';
import { Failure, type FeelNumber, type FeelValue, isNumber, isString } from '../values.ts';
import { type Builtins, builtin } from './builtin.ts';

const modes = new Set<string>(['UP', 'DOWN', 'CEILING', 'FLOOR', 'HALF_UP', 'HALF_DOWN', 'HALF_EVEN']);
const isMode = (mode: string): mode is Rounding => modes.has(mode);

function round(value: FeelNumber, scale: FeelNumber, mode: Rounding, evaluation: Evaluation): FeelNumber {
  evaluation.allocate(sizes.decimal);
  return numbers.simplified(numbers.decimalOf(value).withScale(numbers.intOf(scale), mode));
}

const rounding = (parameters: string[], mode: Rounding) =>
  builtin(parameters, ([value = null, scale = 0], evaluation) =>
    isNumber(value) && isNumber(scale) ? round(value, scale, mode, evaluation) : undefined,
  );

const onNumber = (body: (value: FeelNumber, evaluation: Evaluation) => FeelValue) =>
  builtin(['number'], ([value = null], evaluation) => {
    evaluation.allocate(sizes.decimal);
    return isNumber(value) ? body(value, evaluation) : undefined;
  });

const onDouble = (compute: (value: number) => number) =>
  onNumber((value) => numbers.ofDouble(compute(numbers.doubleOf(value))));

const absolute = (parameter: string) =>
  builtin([parameter], ([value = null]) => {
    if (isNumber(value)) return numbers.absolute(value);
    if (isYearMonthDuration(value)) return new YearMonthDuration(Math.abs(value.months));
    if (!isDayTimeDuration(value)) return undefined;
    return value.nanoseconds < 0n ? new DayTimeDuration(-value.nanoseconds) : value;
  });

export const numberBuiltins: Builtins = {
  decimal: [
    rounding(['n', 'scale'], 'HALF_EVEN'),
    builtin(['n', 'scale', 'mode'], ([value = null, scale = null, mode = null], evaluation) => {
      if (!isNumber(value) || !isNumber(scale) || !isString(mode)) return undefined;
      const name = mode.toUpperCase();
      return isMode(name) ? round(value, scale, name, evaluation) : new Failure('a number is rounded in no known way');
    }),
  ],
  // Camunda's spelling of these parameter names.
  floor: [rounding(['n'], 'FLOOR'), rounding(['n', 'scala'], 'FLOOR')],
  ceiling: [rounding(['n'], 'CEILING'), rounding(['n', 'scale'], 'CEILING')],
  // Camunda documents `round up(5.5)`, without a scale.
  'round up': [rounding(['n'], 'UP'), rounding(['n', 'scale'], 'UP')],
  'round down': [rounding(['n', 'scale'], 'DOWN')],
  'round half up': [rounding(['n', 'scale'], 'HALF_UP')],
  'round half down': [rounding(['n', 'scala'], 'HALF_DOWN')],
  abs: [absolute('number'), absolute('n')],
  modulo: [
    builtin(['dividend', 'divisor'], ([dividend = null, divisor = null], evaluation) => {
      if (!isNumber(dividend) || !isNumber(divisor)) return undefined;
      const rest = numbers.remainder(dividend, divisor, evaluation);
      return numbers.remainder(numbers.add(rest, divisor, evaluation), divisor, evaluation);
    }),
  ],
  sqrt: [
    onNumber((value) =>
      numbers.compareNumbers(value, 0) < 0 ? null : numbers.ofDouble(Math.sqrt(numbers.doubleOf(value))),
    ),
  ],
  log: [onDouble(Math.log)],
  exp: [onDouble(Math.exp)],
  odd: [
    onNumber(
      (value, evaluation) => numbers.compareNumbers(numbers.remainder(numbers.absolute(value), 2, evaluation), 1) === 0,
    ),
  ],
  even: [onNumber((value, evaluation) => numbers.compareNumbers(numbers.remainder(value, 2, evaluation), 0) === 0)],
  'random number': [builtin([], () => numbers.ofDouble(Math.random()))],
};
