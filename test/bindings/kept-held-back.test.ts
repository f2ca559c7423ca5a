import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BindingTerms } from '../../src/bindings/binding-terms.ts';
import type { Condition } from '../../src/bindings/condition.ts';
import { decide } from '../../src/bindings/decide.ts';
import { fromKept, toKept } from '../../src/bindings/kept-held-back.ts';
import { storableJson } from '../../src/storable.ts';

const row = fc.record({
  property: fc.constantFrom('message.text', 'client.name', 'session.name'),
  operator: fc.constantFrom('is' as const, 'contains' as const, 'is_empty' as const),
  value: fc.constantFrom('a', 'b'),
});
const condition: fc.Arbitrary<Condition | null> = fc.oneof(
  fc.constant(null),
  fc.record({
    kind: fc.constant('rows' as const),
    join: fc.constantFrom('all' as const, 'any' as const),
    rows: fc.array(row, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('feel' as const),
    expression: fc.constantFrom('message.text = "a"', 'client.name', 'session.name != null'),
  }),
);
const values = fc.dictionary(
  fc.constantFrom('message.text', 'client.name', 'session.name'),
  fc.constantFrom('a', 'b', 'c'),
);

const bindingOf = (conditions: Condition | null, place: number) => ({
  id: `binding ${place}`,
  event: 'message_received' as const,
  conditions,
  policy: 'every_time' as const,
  policyMinutes: null,
  skipsAwaited: false,
  stops: place === 2,
  processDefinitionId: `process-${place}`,
  processName: `Process ${place}`,
});

test('is read as it was written, also after several occasions', () => {
  fc.assert(
    fc.property(fc.array(condition, { maxLength: 4 }), fc.array(values, { maxLength: 3 }), (conditions, occasions) => {
      const bindings = conditions.map(bindingOf);
      const conditional = bindings.filter((binding) => binding.conditions !== null);
      const ids = new Map(conditional.map(({ id }, place) => [id, place]));
      const terms = new Map(
        conditional.map(({ id: bindingId, event, processName, conditions: said }, id): [number, BindingTerms] => [
          id,
          { id, bindingId, revision: 0, event, processName, conditions: said },
        ]),
      );
      const decided = occasions.map((found) => {
        const occasion = { values: found, at: new Date(0), isKnown: () => true, history: undefined };
        return decide(bindings, occasion) ?? [];
      });
      const kept = decided.flatMap((decisions) => JSON.parse(JSON.stringify(toKept(decisions, ids))));
      expect(fromKept(kept, terms)).toEqual(
        decided
          .flat()
          .flatMap(({ binding: { id: bindingId, event, processName }, hindrance }) =>
            hindrance ? [{ event, bindingId, processName, hindrance }] : [],
          ),
      );
    }),
  );
});

test('the record is short: conditions and the values they found are stored once per message', () => {
  const text = 'I ordered a lamp, and it came without its shade. '.repeat(4);
  const contains: Condition = {
    kind: 'rows',
    join: 'all',
    rows: [{ property: 'message.text', operator: 'contains', value: 'price' }],
  };
  const bindings = Array.from({ length: 10 }, (_, place) => bindingOf(contains, place));
  const occasion = { values: { 'message.text': text }, at: new Date(0), isKnown: () => true, history: undefined };
  const ids = new Map(bindings.map(({ id }, place) => [id, place]));
  expect(storableJson(toKept(decide(bindings, occasion) ?? [], ids)).length).toBeLessThan(500);
});
