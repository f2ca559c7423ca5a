import { typeOf } from '../compare.ts';
import { type Evaluation, sizes } from '../evaluation.ts';
import { add, compareNumbers, intOf, subtract } from '../numbers.ts';
import { type Scope, VariableScope } from '../scope.ts';
import { Failure, type FeelList, type FeelNumber, type FeelValue, isList, isNumber } from '../values.ts';
import type { Code } from './code.ts';
import { joined } from './logic.ts';

export interface IteratorCode {
  name: string;
  items: Code | { from: Code; to: Code };
}

/** The items of a loop. A range of numbers never becomes a list, however long. */
interface Sequence {
  length: number;
  at(index: number): FeelValue;
}

function listSequence(list: FeelList): Sequence {
  return { length: list.length, at: (index) => list[index] ?? null };
}

/** Counts by 1 from one number to the other, upwards or downwards. */
function rangeSequence(from: FeelNumber, to: FeelNumber, evaluation: Evaluation): Sequence {
  const isUp = compareNumbers(from, to) < 0;
  const distance = isUp ? subtract(to, from, evaluation) : subtract(from, to, evaluation);
  // Beyond 32 bits: more items than any evaluation has steps for.
  const length = compareNumbers(distance, 2 ** 31 - 2) > 0 ? 2 ** 31 : intOf(distance) + 1;
  return { length, at: (index) => add(from, isUp ? index : -index, evaluation) };
}

function sequenceOf({ items }: IteratorCode, scope: Scope, evaluation: Evaluation): Sequence | Failure {
  if (typeof items === 'function') {
    const list = items(scope, evaluation);
    if (isList(list)) return listSequence(list);
    return list instanceof Failure ? list : new Failure(`a ${typeOf(list)} is not a list to go through`);
  }
  const from = items.from(scope, evaluation);
  const to = items.to(scope, evaluation);
  if (isNumber(from) && isNumber(to)) return rangeSequence(from, to, evaluation);
  return new Failure(`a range to go through is from a ${typeOf(from)} to a ${typeOf(to)}`);
}

/**
 * Calls `visit` with the scope of each round until it returns false: every combination of the iterators' items, the last
 * iterator changing fastest. Returns false if it was ended.
 */
function visitRounds(
  [name = '', ...otherNames]: string[],
  [sequence, ...others]: Sequence[],
  scope: Scope,
  evaluation: Evaluation,
  visit: (round: Scope) => boolean,
): boolean {
  for (let index = 0; sequence && index < sequence.length; index++) {
    evaluation.spend(1);
    const item = sequence.at(index);
    const visitInner = (inner: Scope) => visit(new VariableScope(inner, name, item));
    const goesOn =
      others.length === 0 ? visitInner(scope) : visitRounds(otherNames, others, scope, evaluation, visitInner);
    if (!goesOn) return false;
  }
  return true;
}

/** Evaluates all lists before the first round; they do not see the loop's variables. */
function forEachRound(
  iterators: IteratorCode[],
  scope: Scope,
  evaluation: Evaluation,
  visit: (round: Scope) => boolean,
): Failure | undefined {
  const sequences: Sequence[] = [];
  for (const iterator of iterators) {
    const sequence = sequenceOf(iterator, scope, evaluation);
    if (sequence instanceof Failure) return sequence;
    sequences.push(sequence);
  }
  const names = iterators.map(({ name }) => name);
  visitRounds(names, sequences, scope, evaluation, visit);
  return undefined;
}

/** `usesPartial`: whether the body reads `partial`, the list of the results so far. */
export function loop(iterators: IteratorCode[], body: Code, usesPartial: boolean): Code {
  return (scope, evaluation) => {
    const results: FeelValue[] = [];
    const failure = forEachRound(iterators, scope, evaluation, (round) => {
      evaluation.allocate(sizes.item);
      results.push(body(usesPartial ? withPartial(round, results, evaluation) : round, evaluation));
      return true;
    });
    return failure ?? results;
  };
}

function withPartial(round: Scope, results: FeelList, evaluation: Evaluation): Scope {
  // A copy, since the body may keep the list.
  evaluation.allocate(results.length * sizes.item);
  return new VariableScope(round, 'partial', results.slice());
}

/** `some` (`decisive` true) and `every` (false). */
export function quantified(decisive: boolean, iterators: IteratorCode[], condition: Code): Code {
  return (scope, evaluation) => {
    let result: ReturnType<typeof joined> = !decisive;
    const failure = forEachRound(iterators, scope, evaluation, (round) => {
      result = joined(decisive, result, condition(round, evaluation));
      return result !== decisive;
    });
    return failure ?? result;
  };
}
