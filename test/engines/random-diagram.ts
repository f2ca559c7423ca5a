import fc from 'fast-check';
import type { Variables } from '../../src/processes/value-types.ts';
import * as b from './diagram-builder.ts';

/** A well-structured part of a process: one way in, one way out. */
export type Block =
  | { kind: 'work'; of: 'user' | 'job' }
  | { kind: 'pass' }
  | { kind: 'sequence'; blocks: Block[] }
  | { kind: 'exclusive'; branches: Block[]; taken: number }
  | { kind: 'parallel'; branches: Block[] }
  | { kind: 'inclusive'; branches: Block[]; taken: boolean[] }
  | { kind: 'eventBased'; branches: Block[]; happens: number }
  | { kind: 'subProcess'; block: Block }
  | { kind: 'loop'; block: Block; times: number }
  | { kind: 'multiInstance'; block: Block; items: number; sequential: boolean }
  /** Work or a sub-process with a timer on its border. */
  | { kind: 'timer'; block: Block; interrupting: boolean; fires: boolean; handler: Block }
  /** A sub-process with an event sub-process in it. */
  | { kind: 'reaction'; block: Block; interrupting: boolean; fires: boolean; handler: Block }
  /** Ends with an error, which is caught further out. */
  | { kind: 'error'; block: Block; depth: number; handler: Block };

export const anyBlock: fc.Arbitrary<Block> = fc.letrec<{ block: Block; several: Block[] }>((tie) => {
  const block = tie('block');
  const handler = { interrupting: fc.boolean(), fires: fc.boolean(), handler: block };
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
      { weight: 1, arbitrary: arbitrary({ ...kind('eventBased'), branches: several, happens: fc.nat(2) }) },
      { weight: 1, arbitrary: arbitrary({ ...kind('subProcess'), block }) },
      { weight: 1, arbitrary: arbitrary({ ...kind('loop'), block, times: fc.integer({ min: 1, max: 3 }) }) },
      {
        weight: 1,
        arbitrary: arbitrary({ ...kind('multiInstance'), block, items: fc.nat(3), sequential: fc.boolean() }),
      },
      { weight: 2, arbitrary: arbitrary({ ...kind('timer'), block, ...handler }) },
      { weight: 1, arbitrary: arbitrary({ ...kind('reaction'), block, ...handler }) },
      {
        weight: 1,
        arbitrary: arbitrary({ ...kind('error'), block, depth: fc.integer({ min: 1, max: 2 }), handler: block }),
      },
    ),
  };
}).block;

/** A process of a block, and what is to come of it. */
export interface RandomDiagram {
  xml: string;
  variables: Variables;
  /** Timers that fire as soon as they are there; the others never do. */
  firing: ReadonlySet<string>;
  /** Element id → how often its work is done. */
  expected: ReadonlyMap<string, number>;
}

interface Part {
  content: string[];
  first: string;
  last: string;
}

export function diagramOf(block: Block): RandomDiagram {
  const variables: Variables = {};
  const firing = new Set<string>();
  const expected = new Map<string, number>();
  let count = 0;
  const fresh = (name: string) => `${name}${++count}`;
  const joined = (...parts: string[][]) => parts.flat();

  /** `times`: how often a token comes here. */
  const draw = (block: Block, times: number): Part => {
    switch (block.kind) {
      case 'work': {
        const id = fresh('work');
        if (times > 0) expected.set(id, times);
        return { content: [block.of === 'user' ? b.userTask(id) : b.job(id)], first: id, last: id };
      }
      case 'pass': {
        const id = fresh('pass');
        return { content: [b.task(id)], first: id, last: id };
      }
      case 'sequence':
        return block.blocks.map((one) => draw(one, times)).reduce(after);
      case 'exclusive': {
        const taken = block.taken % block.branches.length;
        const choice = fresh('choice');
        variables[choice] = taken;
        const condition = (index: number) => `=${choice} = ${index}`;
        return branched(block.branches, times, (index) => index === taken, b.xor, b.xor, condition);
      }
      case 'inclusive': {
        const choices = block.branches.map((_, index) => {
          const choice = fresh('choice');
          variables[choice] = block.taken[index] ?? false;
          return choice;
        });
        const isTaken = (index: number) => {
          const others = block.branches.slice(1).some((_, other) => block.taken[other + 1]);
          return index === 0 ? !others : (block.taken[index] ?? false);
        };
        return branched(block.branches, times, isTaken, b.or, b.or, (index) => `=${choices[index]}`);
      }
      case 'parallel':
        return branched(block.branches, times, () => true, b.and, b.and);
      case 'eventBased': {
        const happens = block.happens % block.branches.length;
        const timed = block.branches.map((branch, index) => {
          const id = fresh('event');
          if (index === happens) firing.add(id);
          const rest = draw(branch, index === happens ? times : 0);
          return after({ content: [b.timer(id, { duration: 'PT1H' })], first: id, last: id }, rest);
        });
        return between(timed, b.eventGateway(fresh('wait')), b.xor(fresh('merge')));
      }
      case 'subProcess':
        return subProcess(draw(block.block, times));
      case 'loop': {
        const [counter, again, more] = [fresh('counter'), fresh('again'), fresh('more')];
        const add = fresh('add');
        const inner = draw(block.block, times * block.times);
        const content = joined(inner.content, [
          b.xor(again),
          b.script(add, `=${counter} + 1`, counter),
          b.xor(more, `${more}-${again}`),
          b.flow(`${again} -> ${inner.first}`),
          b.flow(`${inner.last} -> ${add} -> ${more} -> ${again}`),
        ]);
        const end = fresh('end');
        const loop = {
          content: joined(content, [b.end(end), b.flow(`${more} -> ${end}`, `=${counter} >= ${block.times}`)]),
        };
        return subProcess({ ...loop, first: again, last: '' }, { inputs: { [counter]: '=0' } });
      }
      case 'multiInstance': {
        const items = Array.from({ length: block.items }, (_, index) => index);
        const loop = {
          inputCollection: `=${JSON.stringify(items)}`,
          inputElement: 'item',
          sequential: block.sequential,
        };
        return subProcess(draw(block.block, times * block.items), { loop });
      }
      case 'timer': {
        const event = fresh('late');
        const { interrupting, fires } = block;
        if (fires) firing.add(event);
        const isEnded = fires && interrupting;
        // Waits for at least one piece of work, so that the timer is there to fire.
        const waiting: Block = { kind: 'sequence', blocks: [{ kind: 'work', of: 'user' }, block.block] };
        const activity = subProcess(draw(waiting, isEnded ? 0 : times));
        const handler = draw(block.handler, fires ? times : 0);
        const boundary = [b.boundaryTimer(event, activity.first, { duration: 'PT1H', interrupting })];
        const caught = joined(activity.content, boundary, handler.content, [b.flow(`${event} -> ${handler.first}`)]);
        return interrupting ? merged(caught, activity, handler) : ended(caught, activity, handler);
      }
      case 'reaction': {
        const event = fresh('happened');
        const { interrupting, fires } = block;
        if (fires) firing.add(event);
        const isEnded = fires && interrupting;
        const waiting: Block = { kind: 'sequence', blocks: [{ kind: 'work', of: 'job' }, block.block] };
        const inner = draw(waiting, isEnded ? 0 : times);
        const handler = draw(block.handler, fires ? times : 0);
        const reaction = b.eventSub(fresh('reaction'), [
          b.eventStart(event, b.timerDefinition({ duration: 'PT1H' }), { interrupting }),
          ...handler.content,
          b.flow(`${event} -> ${handler.first}`),
        ]);
        return subProcess({ ...inner, content: [...inner.content, reaction] });
      }
      case 'error': {
        const fail = fresh('fail');
        // All of it is done before the error ends whatever is around it.
        const inner = draw({ kind: 'subProcess', block: block.block }, times);
        const content = [...inner.content, b.errorEnd(fail, 'NO'), b.flow(`${inner.last} -> ${fail}`)];
        let around = subProcess({ content, first: inner.first, last: '' });
        for (let depth = 1; depth < block.depth; depth++) around = subProcess({ ...around, last: '' });
        const caught = fresh('caught');
        const handler = draw(block.handler, times);
        return {
          content: joined(around.content, handler.content, [
            b.boundaryError(caught, around.first, 'NO'),
            b.flow(`${caught} -> ${handler.first}`),
          ]),
          first: around.first,
          last: handler.last,
        };
      }
    }
  };

  const after = (one: Part, next: Part): Part => ({
    content: joined(one.content, next.content, [b.flow(`${one.last} -> ${next.first}`)]),
    first: one.first,
    last: next.last,
  });
  const subProcess = (inside: Part, options: Parameters<typeof b.sub>[2] = {}): Part => {
    const [id, start] = [fresh('sub'), fresh('start')];
    return {
      content: [b.sub(id, [b.start(start), ...inside.content, b.flow(`${start} -> ${inside.first}`)], options)],
      first: id,
      last: id,
    };
  };
  const merged = (content: string[], activity: Part, handler: Part): Part => {
    const merge = fresh('merge');
    const flows = [b.flow(`${activity.last} -> ${merge}`), b.flow(`${handler.last} -> ${merge}`)];
    return { content: joined(content, [b.xor(merge), ...flows]), first: activity.first, last: merge };
  };
  const ended = (content: string[], activity: Part, handler: Part): Part => {
    const end = fresh('end');
    return { ...activity, content: joined(content, [b.end(end), b.flow(`${handler.last} -> ${end}`)]) };
  };
  /** The first branch is the default. */
  const branched = (
    branches: Block[],
    times: number,
    isTaken: (index: number) => boolean,
    fork: (id: string, defaultFlow?: string) => string,
    join: (id: string) => string,
    condition?: (index: number) => string,
  ): Part => {
    const parts = branches.map((branch, index) => {
      const pass = draw({ kind: 'pass' }, 0);
      return after(pass, draw(branch, isTaken(index) ? times : 0));
    });
    const [from, to] = [fresh('fork'), fresh('join')];
    const first = parts[0]?.first ?? '';
    return {
      content: joined(...parts.map(({ content }) => content), [
        condition ? fork(from, `${from}-${first}`) : fork(from),
        join(to),
        ...parts.flatMap((part, index) => [
          b.flow(`${from} -> ${part.first}`, index > 0 ? condition?.(index) : undefined),
          b.flow(`${part.last} -> ${to}`),
        ]),
      ]),
      first: from,
      last: to,
    };
  };
  const between = (parts: Part[], from: string, to: string): Part => {
    const [first = '', last = ''] = [from, to].map((element) => /id="([^"]+)"/.exec(element)?.[1]);
    const flows = parts.flatMap((part) => [b.flow(`${first} -> ${part.first}`), b.flow(`${part.last} -> ${last}`)]);
    return { content: joined([from, to], ...parts.map(({ content }) => content), flows), first, last };
  };

  const whole = draw(block, 1);
  const content = [
    b.start(),
    ...whole.content,
    b.end(),
    b.flow(`start -> ${whole.first}`),
    b.flow(`${whole.last} -> end`),
  ];
  return { xml: b.process(content), variables, firing, expected };
}
