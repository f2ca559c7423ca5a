import { evaluate, type FeelRange, isFunction, isRange } from 'feelin';
import { type Builtins, builtin } from './builtin.ts';

type Compare = (a: unknown, b: unknown) => number | null;

/** FEEL's own order, of numbers, texts and temporal values alike; null where two values have none. */
const compare = compiledOrder();

function compiledOrder(): Compare {
  const { value } = evaluate('function(a, b) if a < b then -1 else if a > b then 1 else if a = b then 0 else null');
  if (!isFunction(value)) throw new Error('feelin makes no function of a function');
  return (a, b) => value.fn(a, b) as number | null;
}

const isAt = (a: unknown, b: unknown) => compare(a, b) === 0;
const sameStart = (a: FeelRange, b: FeelRange) => isAt(a.start, b.start) && a['start included'] === b['start included'];
const sameEnd = (a: FeelRange, b: FeelRange) => isAt(a.end, b.end) && a['end included'] === b['end included'];

/** Where one range's beginning lies before another's, an end that is left out counted. */
function startsBefore(a: FeelRange, b: FeelRange): boolean {
  const order = compare(a.start, b.start);
  return order === -1 || (order === 0 && a['start included'] && !b['start included']);
}

function endsBefore(a: FeelRange, b: FeelRange): boolean {
  const order = compare(a.end, b.end);
  return order === -1 || (order === 0 && !a['end included'] && b['end included']);
}

/** Whether there is a point in both, given that the first does not begin after the second. */
function reaches(a: FeelRange, b: FeelRange): boolean {
  const order = compare(a.end, b.start);
  return order === 1 || (order === 0 && a['end included'] && b['start included']);
}

const pointStarts = (point: unknown, range: FeelRange) => range['start included'] && isAt(range.start, point);
const pointFinishes = (point: unknown, range: FeelRange) => range['end included'] && isAt(range.end, point);
const starts = (a: FeelRange, b: FeelRange) => sameStart(a, b) && !endsBefore(b, a);
const finishes = (a: FeelRange, b: FeelRange) => sameEnd(a, b) && !startsBefore(a, b);
const overlapsBefore = (a: FeelRange, b: FeelRange) => startsBefore(a, b) && reaches(a, b) && endsBefore(a, b);
const during = (value: unknown, range: FeelRange) =>
  isRange(value) ? !startsBefore(value, range) && !endsBefore(range, value) : range.includes(value);

type Ranges = (a: FeelRange, b: FeelRange) => unknown;

const ofRanges = (body: Ranges) =>
  builtin(['range1', 'range2'], (a, b) => (isRange(a) && isRange(b) ? body(a, b) : null));

/** Of a point or a range, and a range. */
const ofPoint = (names: string[], point: (point: unknown, range: FeelRange) => unknown, ranges: Ranges) =>
  builtin(names, (a, b) => {
    if (!isRange(b) || a === null || a === undefined) return null;
    return isRange(a) ? ranges(a, b) : point(a, b);
  });

/** The same with the range first. */
const flipped = (names: string[], point: (point: unknown, range: FeelRange) => unknown, ranges: Ranges) => {
  const straight = ofPoint(names, point, ranges);
  return builtin(names, (a, b) => straight(b, a));
};

/** Those of Camunda's range functions that feelin lacks. */
export const rangeBuiltins: Builtins = {
  'overlaps before': ofRanges(overlapsBefore),
  'overlaps after': ofRanges((a, b) => overlapsBefore(b, a)),
  finishes: ofPoint(['point', 'range'], pointFinishes, finishes),
  'finished by': flipped(['range', 'point'], pointFinishes, finishes),
  during: ofPoint(['point', 'range'], during, during),
  starts: ofPoint(['point', 'range'], pointStarts, starts),
  'started by': flipped(['range', 'point'], pointStarts, starts),
  coincides: builtin(['range1', 'range2'], (a, b) => {
    if (!isRange(a) || !isRange(b)) return isAt(a, b);
    return sameStart(a, b) && sameEnd(a, b);
  }),
};
