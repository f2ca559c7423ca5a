import fc from 'fast-check';
import { expect, test } from 'vitest';
import { boundEvents } from '../../src/bindings/binding-kinds.ts';
import type { HeldBack, Hindrance } from '../../src/bindings/held-back.ts';
import { fromKept, toKept } from '../../src/bindings/kept-held-back.ts';
import type { Json } from '../../src/processes/value-types.ts';
import { storableJson } from '../../src/storable.ts';

const properties = ['message.text', 'client.name', 'message.files'] as const;
const found = fc.oneof(fc.constant(null), fc.string(), fc.array(fc.string()), fc.boolean(), fc.integer());

/** What one occasion holds back: of a property each of its conditions finds the same. */
const occasion: fc.Arbitrary<HeldBack[]> = fc.tuple(found, found, found).chain((values) => {
  const foundOf = (property: (typeof properties)[number]): Json => values[properties.indexOf(property)] ?? null;
  const row = fc.record({
    property: fc.constantFrom(...properties),
    operator: fc.constantFrom('is', 'contains', 'is_empty'),
    value: fc.string(),
  });
  const hindrance: fc.Arbitrary<Hindrance> = fc.oneof(
    fc.array(row, { minLength: 1, maxLength: 3 }).map((rows) => ({
      kind: 'rows' as const,
      failed: rows.map((one) => ({ row: one, found: foundOf(one.property) })),
    })),
    fc.record({
      kind: fc.constant('expression'),
      expression: fc.string({ minLength: 1 }),
      fault: fc.option(fc.string()),
    }),
    fc.constant({ kind: 'awaited' as const }),
    fc.record({ kind: fc.constant('stopped'), by: fc.string() }),
  );
  return fc.array(
    fc.record({
      event: fc.constantFrom(...boundEvents),
      bindingId: fc.uuid(),
      processName: fc.string(),
      hindrance,
    }),
  );
});

test('is read as it was kept, also where several occasions were kept one after the other', () => {
  fc.assert(
    fc.property(fc.array(occasion, { maxLength: 3 }), (occasions) => {
      const kept = occasions.flatMap((heldBack) => JSON.parse(JSON.stringify(toKept(heldBack))));
      expect(fromKept(kept)).toEqual(occasions.flat());
    }),
  );
});

test('is short: what ten conditions found in a message is kept once', () => {
  const text = 'I ordered a lamp, and it came without its shade. '.repeat(4);
  const heldBack = Array.from(
    { length: 10 },
    (_, index): HeldBack => ({
      event: 'message_received',
      bindingId: `7b0c8bd5-8a3e-4f7e-9a3e-00000000000${index}`,
      processName: 'Create lead',
      hindrance: {
        kind: 'rows',
        failed: [{ row: { property: 'message.text', operator: 'contains', value: 'price' }, found: text }],
      },
    }),
  );
  expect(storableJson(toKept(heldBack)).length).toBeLessThan(1400);
});
