import { compileFeel, FeelEvaluationError } from '../../../feel/feel.ts';
import { toJson } from '../../../feel/to-json.ts';
import type { FeelValue } from '../../../feel/values.ts';
import { stringifyJson } from '../../../json.ts';
import type { Variables } from '../../../processes/value-types.ts';
import { type DecisionTable, type HitPolicy, outputOf } from './decision-table.ts';

interface Matched {
  id: string;
  index: number;
  outputs: FeelValue[];
}

interface Hits {
  table: DecisionTable;
  /** At least one, in the order of the table. */
  matched: Matched[];
  /** The values of each output, highest priority first, if the table lists them. */
  priorities: (FeelValue | undefined)[];
}

const resultOf = ({ table }: Hits, { outputs }: Matched): FeelValue => outputOf(table.outputs, outputs);
const first = (hits: Hits, from = hits.matched): FeelValue => (from[0] ? resultOf(hits, from[0]) : null);
const all = (hits: Hits, from = hits.matched): FeelValue => from.map((one) => resultOf(hits, one));
const rulesOf = (matched: Matched[]) => matched.map(({ index }) => index).join(', ');

/** The result of the matching rules, by hit policy. Each may throw FeelEvaluationError. */
export const hitPolicies: Record<HitPolicy, (hits: Hits) => FeelValue> = {
  UNIQUE(hits) {
    const { matched } = hits;
    if (matched.length > 1) throw new FeelEvaluationError(`only one rule may fit, but these do: ${rulesOf(matched)}`);
    return first(hits);
  },
  ANY(hits) {
    const { matched } = hits;
    const results = new Set(matched.map((one) => stringifyJson(toJson(resultOf(hits, one)))));
    if (results.size > 1) throw new FeelEvaluationError(`rules fit that differ: ${rulesOf(matched)}`);
    return first(hits);
  },
  FIRST: (hits) => first(hits),
  PRIORITY: (hits) => first(hits, byPriority(hits)),
  'RULE ORDER': (hits) => all(hits),
  'OUTPUT ORDER': (hits) => all(hits, byPriority(hits)),
  COLLECT(hits) {
    const { aggregation } = hits.table;
    if (aggregation === undefined) return all(hits);
    if (aggregation === 'COUNT') return hits.matched.length;
    return aggregates[aggregation]({ values: all(hits) } as Variables, new Date(0));
  },
};

const aggregates = {
  SUM: compileFeel('sum(values)'),
  MIN: compileFeel('min(values)'),
  MAX: compileFeel('max(values)'),
};

function byPriority({ matched, priorities }: Hits): Matched[] {
  const ranks = priorities.map((values) => {
    const list = Array.isArray(values) ? values : values === undefined ? [] : [values];
    return list.map((value) => stringifyJson(toJson(value)));
  });
  const rankOf = (value: FeelValue | undefined, column: number) => {
    const rank = ranks[column]?.indexOf(stringifyJson(toJson(value))) ?? -1;
    return rank < 0 ? Number.MAX_SAFE_INTEGER : rank;
  };
  const compare = (a: Matched, b: Matched) => {
    for (let column = 0; column < ranks.length; column += 1) {
      const difference = rankOf(a.outputs[column], column) - rankOf(b.outputs[column], column);
      if (difference !== 0) return difference;
    }
    return 0;
  };
  return matched.toSorted(compare);
}
