import { addition, division, exponentiation, multiplication, negation, subtraction } from './arithmetic.ts';
import { order, typeOf } from './compare.ts';
import { sizes } from './evaluation.ts';
import { type ArgumentCodes, call, functionLiteral, methodCall } from './nodes/calls.ts';
import type { Code } from './nodes/code.ts';
import { between, comparison, instanceOf } from './nodes/comparison.ts';
import { contextLiteral } from './nodes/context.ts';
import { filtered } from './nodes/filter.ts';
import { conditional, junction } from './nodes/logic.ts';
import { type IteratorCode, loop, quantified } from './nodes/loops.ts';
import { equalityTest, input, inTests, orderTest, type RangeCode, rangeTest, valueTest } from './nodes/tests.ts';
import { propertyOf } from './properties.ts';
import { findVariable } from './scope.ts';
import {
  type Arguments,
  type ArithmeticSign,
  type Iterator,
  type Node,
  nodesIn,
  type RangeNode,
  type Step,
} from './syntax.ts';
import { Failure, FeelRange, type FeelValue, isError } from './values.ts';

/** Compiles a parsed expression to closures. Names of built-ins are resolved once, here; each node counts as a step. */
export function compile(node: Node): Code {
  const code = codeOf(node);
  return (scope, evaluation) => {
    evaluation.spend(1);
    return code(scope, evaluation);
  };
}

function codeOf(node: Node): Code {
  switch (node.kind) {
    case 'value':
    case 'number':
      return () => node.value;
    case 'list':
      return listLiteral(node.items.map(compile));
    case 'context':
      return contextLiteral(node.entries.map(([key, value]) => [key, compile(value)]));
    case 'variable':
      return (scope, evaluation) => findVariable(scope, node.name, evaluation) ?? null;
    case 'input':
      return input;
    case 'steps':
      return steps(compile(node.value), node.steps.map(stepOf));
    case 'negation': {
      const value = compile(node.value);
      return (scope, evaluation) => negation(value(scope, evaluation));
    }
    case 'arithmetic':
      return arithmetic(
        compile(node.first),
        node.rest.map(([sign, value]) => [sign, compile(value)]),
      );
    case 'comparison':
      return comparison(node.sign, compile(node.left), compile(node.right));
    case 'between':
      return between(compile(node.value), compile(node.low), compile(node.high));
    case 'instance of':
      return instanceOf(compile(node.value), node.type);
    case 'and':
    case 'or':
      return junction(node.kind === 'or', node.operands.map(compile));
    case 'in':
      return inTests(compile(node.value), node.tests.map(compile));
    case 'order test':
      return orderTest(node.sign, compile(node.value));
    case 'range test':
      return rangeTest(rangeCode(node.range));
    case 'equality test':
      return equalityTest(compile(node.value));
    case 'value test':
      return valueTest(compile(node.value));
    case 'range':
      return rangeLiteral(rangeCode(node));
    case 'if':
      return conditional(
        node.branches.map(([condition, value]) => [compile(condition), compile(value)]),
        compile(node.else),
      );
    case 'for':
      return loop(node.iterators.map(iteratorCode), compile(node.body), mentions(node.body, 'partial'));
    case 'some':
    case 'every':
      return quantified(node.kind === 'some', node.iterators.map(iteratorCode), compile(node.condition));
    case 'function':
      return functionLiteral(node.parameters, compile(node.body), node.depth);
    case 'call':
      return call(node.name, argumentCodes(node.arguments));
    case 'method call':
      return methodCall(compile(node.context), node.name, argumentCodes(node.arguments));
  }
}

function listLiteral(items: Code[]): Code {
  return (scope, evaluation) => {
    evaluation.allocate(sizes.list + items.length * sizes.item);
    const values: FeelValue[] = [];
    for (const item of items) {
      const value = item(scope, evaluation);
      if (isError(value)) return value;
      values.push(value);
    }
    return values;
  };
}

const operators = {
  '+': addition,
  '-': subtraction,
  '*': multiplication,
  '/': division,
  '**': exponentiation,
};

function arithmetic(first: Code, rest: [ArithmeticSign, Code][]): Code {
  return (scope, evaluation) => {
    let result = first(scope, evaluation);
    for (const [sign, value] of rest) result = operators[sign](result, value(scope, evaluation), evaluation);
    return result;
  };
}

type StepCode = { key: string } | { filter: Code; mayBeIndex: boolean };

function stepOf(step: Step): StepCode {
  if (step.kind === 'path') return { key: step.key };
  const { kind } = step.filter;
  // Camunda first evaluates a filter without an item, except for these kinds; only some of the others can be a number.
  const mayBeIndex = !['comparison', 'call', 'method call', 'and', 'or', 'in', 'between', 'some', 'every'].includes(
    kind,
  );
  return { filter: compile(step.filter), mayBeIndex };
}

function steps(first: Code, rest: StepCode[]): Code {
  return (scope, evaluation) => {
    let value = first(scope, evaluation);
    for (const step of rest) {
      if ('key' in step) value = propertyOf(value, step.key, evaluation);
      else value = filtered(value, step.filter, step.mayBeIndex, scope, evaluation);
    }
    return value;
  };
}

const rangeCode = ({ start, startIsClosed, end, endIsClosed }: RangeNode): RangeCode => ({
  start: compile(start),
  startIsClosed,
  end: compile(end),
  endIsClosed,
});

function rangeLiteral({ start, startIsClosed, end, endIsClosed }: RangeCode): Code {
  return (scope, evaluation) => {
    const [low, high] = [start(scope, evaluation), end(scope, evaluation)];
    // All types with an order but texts.
    if (typeof low === 'string' || order(low, high) === undefined) {
      return new Failure(`there is no range of a ${typeOf(low)} to a ${typeOf(high)}`, true);
    }
    return new FeelRange({ value: low, isClosed: startIsClosed }, { value: high, isClosed: endIsClosed });
  };
}

const iteratorCode = ({ name, items }: Iterator): IteratorCode => ({
  name,
  items: 'from' in items ? { from: compile(items.from), to: compile(items.to) } : compile(items),
});

const argumentCodes = (given: Arguments): ArgumentCodes =>
  'named' in given
    ? { named: new Map(given.named.map(([name, value]) => [name, compile(value)])) }
    : { positional: given.positional.map(compile) };

/** Whether the expression reads a variable with this name anywhere. */
function mentions(node: Node, name: string): boolean {
  for (const inner of nodesIn(node)) if (inner.kind === 'variable' && inner.name === name) return true;
  return false;
}
