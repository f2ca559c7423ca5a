import fc from 'fast-check';
import { encodeDelivery } from '../../sandbox/delivery/http-transport.ts';
import type { JsonObject } from '../../sandbox/json.ts';
import { requestText, signedHeaders } from '../helpers/raw-http.ts';
import type { Specimen } from './corpus.ts';

/** The mutation of a specimen. Positions count modulo the number of members. */
export interface Plan {
  specimen: number;
  changes: Change[];
  wire: WireChange;
  isSigned: boolean;
}

type Change =
  | { kind: 'replace'; at: number; by: unknown }
  | { kind: 'drop'; at: number }
  | { kind: 'wrap'; at: number; inList: boolean }
  | { kind: 'insert'; at: number; name: string; value: unknown }
  | { kind: 'graft'; at: number; specimen: number; from: number };

type WireChange =
  | { kind: 'none' }
  | { kind: 'bytes'; at: number; bytes: number[]; isSignedAfter: boolean }
  | { kind: 'cut'; at: number }
  | { kind: 'head'; head: string }
  | { kind: 'header'; name: string; value: string }
  | { kind: 'time'; shift: number };

const nested = (depth: number): unknown =>
  depth === 0 ? 'deep' : depth % 2 ? [nested(depth - 1)] : { a: nested(depth - 1) };

/** Two thousand separate objects, because a mutation of one must not change the others. */
const many = Array.from({ length: 2000 }, () => ({ type: 'input' }));

const value = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 1e308, 2 ** 53 + 2, '', [], {}, [[]], [null], [{}]),
  fc.constantFrom(
    '\0',
    'a\0b',
    '\ud800',
    'a\udc00b',
    '__proto__',
    'constructor',
    'toString',
    '<!channel>',
    '%',
    '{{x}}',
  ),
  fc.constantFrom('T0OTHER0001', 'U0OTHER0001', 'C0OTHER0001', 'USLACKBOT', '999999999999.1', '-1.0', '1.', 'Infinity'),
  fc.constantFrom('message', 'view_submission', 'block_actions', 'event_callback', 'url_verification', 'file_share'),
  fc.constantFrom<unknown>('x'.repeat(5000), 'é'.repeat(100_000), many, nested(50)),
  fc.constantFrom<unknown>(nested(500), JSON.parse('{"__proto__":{"isAdmin":true}}')),
  fc.string({ unit: 'binary' }),
  fc.double(),
  fc.jsonValue(),
);

const at = fc.nat(100_000);
const name = fc.oneof(
  fc.constantFrom(
    '__proto__',
    'constructor',
    'type',
    'payload',
    'command',
    'ssl_check',
    'event',
    'view',
    'user',
    'ack',
  ),
  fc.string({ unit: 'binary', maxLength: 10 }),
);
const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('replace' as const), at, by: value }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('drop' as const), at }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wrap' as const), at, inList: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('insert' as const), at, name, value }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('graft' as const), at, specimen: at, from: at }) },
);

const heads = [
  'GET /slack/events',
  'PUT /slack/events',
  'POST /slack/events/x',
  'POST /slack/events//[',
  'POST //[',
  'POST http://[',
  'POST /%E0%A4%A',
  'POST /constructor',
  'POST /slack/events?x=%',
  'GET /healthz',
  'GET /readyz?x=[',
  'OPTIONS *',
];
const wire: fc.Arbitrary<WireChange> = fc.oneof(
  { weight: 12, arbitrary: fc.constant({ kind: 'none' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('bytes' as const),
      at,
      bytes: fc.array(fc.nat(255), { minLength: 1, maxLength: 8 }),
      isSignedAfter: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const), at }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('head' as const), head: fc.constantFrom(...heads) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('header' as const),
      name: fc.constantFrom(
        'content-type',
        'content-encoding',
        'x-slack-retry-num',
        'x-slack-signature',
        'cookie',
        'expect',
      ),
      value: fc.constantFrom(
        '',
        'gzip',
        'application/json',
        'application/x-www-form-urlencoded',
        'v0=',
        '-1',
        'y'.repeat(9000),
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('time' as const), shift: fc.integer({ min: -900, max: 900 }) }),
  },
);

const plan: fc.Arbitrary<Plan> = fc.record({
  specimen: at,
  changes: fc.array(change, { maxLength: 4 }),
  wire,
  isSigned: fc.nat(9).map((n) => n < 8),
});

/** Makes plans; the same seed gives the same plans. */
export function plansFor(seed: number, count: number): Plan[] {
  return fc.sample(plan, { seed, numRuns: count });
}

/** Applies a plan to the specimens, and returns the raw request. */
export function requestFor(plan: Plan, specimens: Specimen[], secret: string): Buffer {
  const specimen = pick(specimens, plan.specimen);
  const body = plan.changes.reduce((changed, change) => applied(change, changed, specimens), specimen.body);
  const { contentType, text } = encodeDelivery(specimen.kind, body);
  const { wire } = plan;
  const original = Buffer.from(text);
  const sent = mangled(original, wire);
  const signedBody = wire.kind === 'bytes' && wire.isSignedAfter ? sent.toString() : text;
  const headers = {
    ...(plan.isSigned
      ? signedHeaders(secret, signedBody, { type: contentType, shift: wire.kind === 'time' ? wire.shift : 0 })
      : { 'content-type': contentType }),
    ...(wire.kind === 'header' ? { [wire.name]: wire.value } : {}),
    'content-length': String(sent.length),
    connection: 'close',
  };
  const head = requestText(wire.kind === 'head' ? wire.head : 'POST /slack/events', headers);
  return Buffer.concat([Buffer.from(head), sent]);
}

function mangled(body: Buffer, wire: WireChange): Buffer {
  if (wire.kind === 'cut') return body.subarray(0, wire.at % (body.length + 1));
  if (wire.kind !== 'bytes') return body;
  const start = wire.at % (body.length + 1);
  return Buffer.concat([body.subarray(0, start), Buffer.from(wire.bytes), body.subarray(start + wire.bytes.length)]);
}

function pick<Item>(items: Item[], position: number): Item {
  const item = items[position % items.length];
  if (item === undefined) throw new Error('there is nothing to pick from');
  return item;
}

type Container = Record<string, unknown>;

/** Every member of the body, as the object or list that contains it and its name there. */
function membersOf(value: unknown, found: { holder: Container; name: string }[] = []): typeof found {
  if (typeof value !== 'object' || value === null || found.length > 5000) return found;
  const holder = value as Container;
  for (const name of Object.keys(holder)) {
    found.push({ holder, name });
    membersOf(holder[name], found);
  }
  return found;
}

function applied(change: Change, body: JsonObject, specimens: Specimen[]): JsonObject {
  const copy: JsonObject = structuredClone(body);
  const members = membersOf(copy);
  if (members.length === 0) return copy;
  const { holder, name } = pick(members, change.at);
  switch (change.kind) {
    case 'replace':
      holder[name] = change.by;
      break;
    case 'drop':
      delete holder[name];
      break;
    case 'wrap':
      holder[name] = change.inList ? [holder[name]] : { value: holder[name] };
      break;
    case 'insert':
      Object.defineProperty(holder, change.name, {
        value: change.value,
        enumerable: true,
        configurable: true,
        writable: true,
      });
      break;
    case 'graft': {
      const donors = membersOf(pick(specimens, change.specimen).body);
      if (donors.length > 0) {
        const donor = pick(donors, change.from);
        holder[name] = donor.holder[donor.name];
      }
    }
  }
  return copy;
}
