import fc from 'fast-check';

/** The kind of an event. */
export type Trigger = 'timer' | 'message' | 'signal';

/** A well-structured part of a process, with one way in and one way out. */
export type Block =
  | { kind: 'work'; of: 'user' | 'job' }
  | { kind: 'pass' }
  | { kind: 'sequence'; blocks: Block[] }
  | { kind: 'exclusive'; branches: Block[]; taken: number }
  | { kind: 'parallel'; branches: Block[] }
  | { kind: 'inclusive'; branches: Block[]; taken: boolean[] }
  | { kind: 'eventBased'; branches: Block[]; triggers: Trigger[]; happens: number }
  | { kind: 'subProcess'; block: Block }
  | { kind: 'loop'; block: Block; times: number }
  | { kind: 'multiInstance'; block: Block; items: number; sequential: boolean }
  /** A catch event or receive task. */
  | { kind: 'wait'; trigger: Trigger }
  /** A link event that continues at another place. */
  | { kind: 'link' }
  /** A sub-process, run once or several times, with a boundary event. */
  | {
      kind: 'boundary';
      block: Block;
      trigger: Trigger;
      interrupting: boolean;
      fires: boolean;
      handler: Block;
      each: number;
    }
  /** A sub-process with an event sub-process in it. */
  | { kind: 'reaction'; block: Block; trigger: Trigger; interrupting: boolean; fires: boolean; handler: Block }
  /** Throws an escalation, caught by a boundary event of the surrounding sub-process. */
  | { kind: 'escalation'; block: Block; interrupting: boolean; handler: Block }
  /** A terminate end event that ends a parallel wait. */
  | { kind: 'terminate'; block: Block }
  /** A block that a handler compensates after it has completed. */
  | { kind: 'compensation'; block: Block; items: number }
  /** Has an incident, on entering or leaving, until somebody resolves it. */
  | { kind: 'incident'; at: 'enter' | 'leave' }
  /** Ends with an error that is caught further out. */
  | { kind: 'error'; block: Block; depth: number; handler: Block };

export const anyBlock: fc.Arbitrary<Block> = fc.letrec<{ block: Block; several: Block[] }>((tie) => {
  const block = tie('block');
  const trigger = fc.constantFrom('timer', 'message', 'signal');
  const handler = { trigger, interrupting: fc.boolean(), fires: fc.boolean(), handler: block };
  const arbitrary = (record: { [name: string]: fc.Arbitrary<unknown> }) => fc.record(record) as fc.Arbitrary<Block>;
  const kind = (name: Block['kind']) => ({ kind: fc.constant(name) });
  const several = tie('several');
  return {
    several: fc.array(block, { minLength: 2, maxLength: 3 }),
    block: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 4, arbitrary: arbitrary({ ...kind('work'), of: fc.constantFrom('user', 'job') }) },
      { weight: 1, arbitrary: arbitrary(kind('pass')) },
      { weight: 3, arbitrary: arbitrary({ ...kind('sequence'), blocks: several }) },
      { weight: 2, arbitrary: arbitrary({ ...kind('exclusive'), branches: several, taken: fc.nat(2) }) },
      { weight: 2, arbitrary: arbitrary({ ...kind('parallel'), branches: several }) },
      {
        weight: 2,
        arbitrary: arbitrary({
          ...kind('inclusive'),
          branches: several,
          taken: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
        }),
      },
      {
        weight: 1,
        arbitrary: arbitrary({
          ...kind('eventBased'),
          branches: several,
          triggers: fc.array(trigger, { minLength: 3, maxLength: 3 }),
          happens: fc.nat(2),
        }),
      },
      { weight: 1, arbitrary: arbitrary({ ...kind('subProcess'), block }) },
      { weight: 1, arbitrary: arbitrary({ ...kind('loop'), block, times: fc.integer({ min: 1, max: 3 }) }) },
      {
        weight: 1,
        arbitrary: arbitrary({ ...kind('multiInstance'), block, items: fc.nat(3), sequential: fc.boolean() }),
      },
      { weight: 1, arbitrary: arbitrary({ ...kind('wait'), trigger }) },
      { weight: 1, arbitrary: arbitrary(kind('link')) },
      { weight: 2, arbitrary: arbitrary({ ...kind('boundary'), block, ...handler, each: fc.nat(2) }) },
      { weight: 1, arbitrary: arbitrary({ ...kind('reaction'), block, ...handler }) },
      { weight: 1, arbitrary: arbitrary({ ...kind('escalation'), block, interrupting: fc.boolean(), handler: block }) },
      { weight: 1, arbitrary: arbitrary({ ...kind('terminate'), block }) },
      { weight: 1, arbitrary: arbitrary({ ...kind('compensation'), block, items: fc.nat(2) }) },
      { weight: 1, arbitrary: arbitrary({ ...kind('incident'), at: fc.constantFrom('enter', 'leave') }) },
      {
        weight: 1,
        arbitrary: arbitrary({ ...kind('error'), block, depth: fc.integer({ min: 1, max: 2 }), handler: block }),
      },
    ),
  };
}).block;
