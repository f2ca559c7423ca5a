import { order, typeOf } from '../compare.ts';
import { FeelRange, type FeelValue, isBoolean, isString, type RangeEnd } from '../values.ts';
import { type Builtins, builtin } from './builtin.ts';

type Relation<A, B> = (a: A, b: B) => boolean;

/** The definitions of a relation for ranges and points; undefined for unsupported combinations. */
interface Relations {
  ranges?: Relation<FeelRange, FeelRange>;
  pointAndRange?: Relation<FeelValue, FeelRange>;
  rangeAndPoint?: Relation<FeelRange, FeelValue>;
  points?: Relation<FeelValue, FeelValue>;
}

const isBefore = (a: FeelValue, b: FeelValue) => (order(a, b) ?? 0) < 0;
const isAt = (a: FeelValue, b: FeelValue) => order(a, b) === 0;
const sameEnd = (a: RangeEnd, b: RangeEnd) => isAt(a.value, b.value) && a.isClosed === b.isClosed;
const pointOf = (value: FeelValue) => (value instanceof FeelRange ? value.start.value : value);

/** Camunda compares all ordered types but texts. */
function areComparable(a: FeelValue, b: FeelValue): boolean {
  const [x, y] = [pointOf(a), pointOf(b)];
  return !isString(x) && !isBoolean(x) && typeOf(x) === typeOf(y) && order(x, y) !== undefined;
}

function relation(parameters: [string, string][], { ranges, pointAndRange, rangeAndPoint, points }: Relations) {
  return parameters.map((names) =>
    builtin([...names], ([a = null, b = null]) => {
      if (!areComparable(a, b)) return undefined;
      if (a instanceof FeelRange) return b instanceof FeelRange ? ranges?.(a, b) : rangeAndPoint?.(a, b);
      return b instanceof FeelRange ? pointAndRange?.(a, b) : points?.(a, b);
    }),
  );
}

/** The first range begins before the second, counting a closed start before an open one at the same point. */
const startsBefore = (a: FeelRange, b: FeelRange) =>
  isBefore(a.start.value, b.start.value) ||
  (isAt(a.start.value, b.start.value) && a.start.isClosed && !b.start.isClosed);
const startsNotAfter = (a: FeelRange, b: FeelRange) => !startsBefore(b, a);
const endsAfter = (a: FeelRange, b: FeelRange) =>
  isBefore(b.end.value, a.end.value) || (isAt(a.end.value, b.end.value) && a.end.isClosed && !b.end.isClosed);
const endsNotBefore = (a: FeelRange, b: FeelRange) => !endsAfter(b, a);
/** The ranges share a point, or the first ends after the second begins. */
const reaches = (a: FeelRange, b: FeelRange) =>
  isBefore(b.start.value, a.end.value) || (isAt(a.end.value, b.start.value) && a.end.isClosed && b.start.isClosed);

const before: Relation<FeelRange, FeelRange> = (a, b) =>
  isBefore(a.end.value, b.start.value) || (isAt(a.end.value, b.start.value) && !(a.end.isClosed && b.start.isClosed));
const pointBefore: Relation<FeelValue, FeelRange> = (point, { start }) =>
  isBefore(point, start.value) || (isAt(point, start.value) && !start.isClosed);
const pointAfter: Relation<FeelValue, FeelRange> = (point, { end }) =>
  isBefore(end.value, point) || (isAt(point, end.value) && !end.isClosed);

const contains: Relation<FeelRange, FeelValue> = ({ start, end }, point) =>
  (isBefore(start.value, point) && isBefore(point, end.value)) ||
  (isAt(start.value, point) && start.isClosed) ||
  (isAt(end.value, point) && end.isClosed);
const includes: Relation<FeelRange, FeelRange> = (a, b) => startsNotAfter(a, b) && endsNotBefore(a, b);

const overlapsBefore: Relation<FeelRange, FeelRange> = (a, b) =>
  startsBefore(a, b) && reaches(a, b) && endsNotBefore(b, a);
const finishes: Relation<FeelRange, FeelRange> = (a, b) => sameEnd(a.end, b.end) && startsNotAfter(b, a);
const finishesAt: Relation<FeelRange, FeelValue> = ({ end }, point) => end.isClosed && isAt(end.value, point);
const starts: Relation<FeelRange, FeelRange> = (a, b) => sameEnd(a.start, b.start) && endsNotBefore(b, a);
const startsAt: Relation<FeelRange, FeelValue> = ({ start }, point) => start.isClosed && isAt(start.value, point);
const meets: Relation<FeelRange, FeelRange> = ({ end }, { start }) =>
  end.isClosed && start.isClosed && isAt(end.value, start.value);

const flipped =
  <A, B>(relation: Relation<A, B>): Relation<B, A> =>
  (b, a) =>
    relation(a, b);

const ofRanges: [string, string] = ['range1', 'range2'];
const pointFirst: [string, string][] = [['point', 'range'], ofRanges];
const rangeFirst: [string, string][] = [['range', 'point'], ofRanges];
const all: [string, string][] = [['point1', 'point2'], ['point', 'range'], ['range', 'point'], ofRanges];

export const rangeBuiltins: Builtins = {
  before: relation(all, {
    ranges: before,
    pointAndRange: pointBefore,
    rangeAndPoint: flipped(pointAfter),
    points: isBefore,
  }),
  after: relation(all, {
    ranges: flipped(before),
    pointAndRange: pointAfter,
    rangeAndPoint: flipped(pointBefore),
    points: flipped(isBefore),
  }),
  meets: relation([ofRanges], { ranges: meets }),
  'met by': relation([ofRanges], { ranges: flipped(meets) }),
  overlaps: relation([ofRanges], { ranges: (a, b) => reaches(a, b) && reaches(b, a) }),
  'overlaps before': relation([ofRanges], { ranges: overlapsBefore }),
  'overlaps after': relation([ofRanges], { ranges: flipped(overlapsBefore) }),
  finishes: relation(pointFirst, { ranges: finishes, pointAndRange: flipped(finishesAt) }),
  // In Camunda, the names of these parameters and its arguments have opposite orders.
  'finished by': relation(pointFirst, { ranges: flipped(finishes), rangeAndPoint: finishesAt }),
  includes: relation(rangeFirst, { ranges: includes, rangeAndPoint: contains }),
  during: relation(pointFirst, { ranges: flipped(includes), pointAndRange: flipped(contains) }),
  starts: relation(pointFirst, { ranges: starts, pointAndRange: flipped(startsAt) }),
  'started by': relation(rangeFirst, { ranges: flipped(starts), rangeAndPoint: startsAt }),
  coincides: relation([['point1', 'point2'], ofRanges], {
    ranges: (a, b) => sameEnd(a.start, b.start) && sameEnd(a.end, b.end),
    points: isAt,
  }),
};
