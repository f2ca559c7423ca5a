import type { Variables } from '../../src/processes/value-types.ts';
import * as b from './diagram-builder.ts';
import type { Block, Trigger } from './random-blocks.ts';

/** A process made of a block, and its expected result. */
export interface RandomDiagram {
  xml: string;
  variables: Variables;
  /** Events that happen as soon as an element waits for them; all others never happen. */
  happening: ReadonlySet<string>;
  /** Element id → expected number of times that its work is done. */
  expected: ReadonlyMap<string, number>;
}

interface Part {
  content: string[];
  first: string;
  last: string;
}

export function diagramOf(block: Block): RandomDiagram {
  const variables: Variables = {};
  const happening = new Set<string>();
  const expected = new Map<string, number>();
  let count = 0;
  const fresh = (name: string) => `${name}${++count}`;
  const joined = (...parts: string[][]) => parts.flat();

  /** `times`: number of tokens that arrive here. */
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
          if (index === happens) happening.add(id);
          const rest = draw(branch, index === happens ? times : 0);
          const event = b.catchEvent(id, definitionOf(block.triggers[index]));
          return after({ content: [event], first: id, last: id }, rest);
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
        return subProcess(draw(block.block, times * block.items), { loop: loopOver(block.items, block.sequential) });
      }
      case 'wait': {
        const id = fresh('event');
        happening.add(id);
        return { content: [b.catchEvent(id, definitionOf(block.trigger))], first: id, last: id };
      }
      case 'link': {
        const [out, into] = [fresh('out'), fresh('into')];
        return { content: [b.linkThrow(out, out), b.linkCatch(into, out)], first: out, last: into };
      }
      case 'boundary': {
        const event = fresh('happened');
        const { interrupting, fires, each } = block;
        if (fires) happening.add(event);
        const isEnded = fires && interrupting;
        const inner = draw(waiting('user', block.block), isEnded ? 0 : times * Math.max(each, 1));
        const activity = subProcess(inner, each > 0 ? { loop: loopOver(each, false) } : {});
        const handler = draw(block.handler, fires ? times : 0);
        const boundary = [b.boundary(event, activity.first, definitionOf(block.trigger), { interrupting })];
        const caught = joined(activity.content, boundary, handler.content, [b.flow(`${event} -> ${handler.first}`)]);
        return interrupting ? merged(caught, activity, handler) : ended(caught, activity, handler);
      }
      case 'reaction': {
        const event = fresh('happened');
        const { interrupting, fires } = block;
        if (fires) happening.add(event);
        const isEnded = fires && interrupting;
        const inner = draw(waiting('job', block.block), isEnded ? 0 : times);
        const handler = draw(block.handler, fires ? times : 0);
        const reaction = b.eventSub(fresh('reaction'), [
          b.eventStart(event, definitionOf(block.trigger), { interrupting }),
          ...handler.content,
          b.flow(`${event} -> ${handler.first}`),
        ]);
        return subProcess({ ...inner, content: [...inner.content, reaction] });
      }
      case 'escalation': {
        const [thrower, caught] = [fresh('thrower'), fresh('caught')];
        const { interrupting } = block;
        const before = draw({ kind: 'work', of: 'job' }, times);
        const thrown = after(before, { content: [b.escalationThrow(thrower, 'UP')], first: thrower, last: thrower });
        const activity = subProcess(after(thrown, draw(block.block, interrupting ? 0 : times)));
        const handler = draw(block.handler, times);
        const boundary = [b.boundaryEscalation(caught, activity.first, 'UP', { interrupting })];
        const content = joined(activity.content, boundary, handler.content, [b.flow(`${caught} -> ${handler.first}`)]);
        return interrupting ? merged(content, activity, handler) : ended(content, activity, handler);
      }
      case 'terminate': {
        const [fork, never, stop] = [fresh('fork'), fresh('never'), fresh('stop')];
        const inner = draw({ kind: 'subProcess', block: block.block }, times);
        const content = joined(inner.content, [
          b.and(fork),
          b.timer(never, { duration: 'PT1H' }),
          b.terminate(stop),
          b.flow(`${fork} -> ${inner.first}`),
          b.flow(`${fork} -> ${never}`),
          b.flow(`${inner.last} -> ${stop}`),
        ]);
        return subProcess({ content, first: fork, last: '' });
      }
      case 'compensation': {
        const [event, handler, thrower] = [fresh('undo'), fresh('work'), fresh('thrower')];
        const isEach = block.items > 0;
        const inner = draw(block.block, times * Math.max(block.items, 1));
        const activity = subProcess(inner, isEach ? { loop: loopOver(block.items, false) } : {});
        if (times > 0) expected.set(handler, times);
        const undoing = [b.boundaryCompensation(event, activity.first, handler), b.handler(handler)];
        const content = joined(activity.content, undoing, [
          b.compensationThrow(thrower, activity.first),
          b.flow(`${activity.last} -> ${thrower}`),
        ]);
        return { content, first: activity.first, last: thrower };
      }
      case 'incident': {
        const id = fresh('work');
        if (times > 0) expected.set(id, times);
        const source = '=assert(isMended, isMended = true)';
        const options = block.at === 'enter' ? { inputs: { mended: source } } : { outputs: { mended: source } };
        return { content: [b.job(id, options)], first: id, last: id };
      }
      case 'error': {
        const fail = fresh('fail');
        // All of it is done before the error ends the surrounding scope.
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

  const loopOver = (items: number, sequential: boolean) => ({
    inputCollection: `=${JSON.stringify(Array.from({ length: items }, (_, index) => index))}`,
    inputElement: 'item',
    sequential,
  });
  /** Puts work before the block, so that an event finds the scope waiting. */
  const waiting = (of: 'user' | 'job', block: Block): Block => ({
    kind: 'sequence',
    blocks: [{ kind: 'work', of }, block],
  });
  const definitionOf = (trigger: Trigger | undefined) =>
    trigger === 'message'
      ? b.messageDefinition(fresh('message'), '="key"')
      : trigger === 'signal'
        ? b.signalDefinition(fresh('signal'))
        : b.timerDefinition({ duration: 'PT1H' });
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
  return { xml: b.process(content), variables, happening, expected };
}
