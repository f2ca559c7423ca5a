import { DmnModdle } from 'dmn-moddle';
import { type CompiledFeel, compileFeel, FeelSyntaxError } from '../../../feel/feel.ts';
import { compileUnaryTests } from '../../../feel/unary-tests.ts';
import { assertReadable } from '../reading/file-bounds.ts';
import type { DiagramProblem } from '../reading/reading.ts';
import type { Decision } from './decision.ts';
import type { Aggregation, HitPolicy } from './decision-table.ts';
import { hitPolicies } from './hit-policies.ts';

/** An element as read by dmn-moddle; only the properties that Kickoff reads. */
interface DmnElement {
  $type: string;
  id?: string;
  name?: string;
  label?: string;
  text?: string;
  href?: string;
  hitPolicy?: string;
  aggregation?: string;
  variable?: DmnElement;
  drgElement?: DmnElement[];
  decisionLogic?: DmnElement;
  informationRequirement?: DmnElement[];
  knowledgeRequirement?: DmnElement[];
  requiredDecision?: DmnElement;
  input?: DmnElement[];
  inputExpression?: DmnElement;
  output?: DmnElement[];
  outputValues?: DmnElement;
  defaultOutputEntry?: DmnElement;
  rule?: DmnElement[];
  inputEntry?: DmnElement[];
  outputEntry?: DmnElement[];
  expressionLanguage?: string;
}

const moddle = new DmnModdle();

export interface ReadDecisions {
  decisions: Decision[];
  problems: DiagramProblem[];
}

/**
 * Reads all decisions of a DMN file; none if there is any problem.
 *
 * @throws Error if the file is not readable DMN
 */
export async function readDecisions(xml: string): Promise<ReadDecisions> {
  assertReadable(xml);
  const { rootElement } = (await moddle.fromXML(xml)) as { rootElement: DmnElement };
  const elements = new Map((rootElement.drgElement ?? []).flatMap((one) => (one.id ? [[one.id, one]] : [])));
  const problems: DiagramProblem[] = [];
  const read = new Map<string, Decision | 'being read'>();
  const readOne = (element: DmnElement): Decision | undefined => {
    const id = element.id ?? '';
    const known = read.get(id);
    if (known === 'being read') return void problems.push(at(element, 'it requires itself'));
    if (known) return known;
    read.set(id, 'being read');
    const required = (element.informationRequirement ?? []).flatMap(({ requiredDecision }) => {
      if (!requiredDecision) return [];
      const other = elements.get((requiredDecision.href ?? '').replace(/^#/, ''));
      if (other?.$type === 'dmn:Decision') return readOne(other) ?? [];
      problems.push(at(element, `it requires ${requiredDecision.href}, which the file does not have`));
      return [];
    });
    if (element.knowledgeRequirement?.length) problems.push(at(element, 'business knowledge models are not supported'));
    const name = element.name || id;
    const logic = readLogic(element, problems);
    const resultNames = [...new Set([id, element.variable?.name ?? name])];
    const decision: Decision = { id, name, resultNames, required, logic };
    read.set(id, decision);
    return decision;
  };
  const decisions = [...elements.values()].flatMap((one) => (one.$type === 'dmn:Decision' ? (readOne(one) ?? []) : []));
  if (decisions.length === 0 && problems.length === 0) problems.push({ reason: 'the file has no decision' });
  return { decisions: problems.length > 0 ? [] : decisions, problems };
}

const at = ({ id, name }: DmnElement, reason: string): DiagramProblem => ({
  ...(id !== undefined && { elementId: id }),
  ...(name && { elementName: name }),
  reason,
});

const nothing: CompiledFeel = () => null;

function readLogic(decision: DmnElement, problems: DiagramProblem[]): Decision['logic'] {
  const { decisionLogic: logic } = decision;
  /** Modeler allows a leading `=` in expressions, as in BPMN. */
  const compiled = <T>(compile: (text: string) => T, text: string, what: string, otherwise: T): T => {
    try {
      return compile(text.trim().replace(/^=/, ''));
    } catch (error) {
      if (!(error instanceof FeelSyntaxError)) throw error;
      problems.push(at(decision, `${what} ${text}: ${error.message}`));
      return otherwise;
    }
  };
  const expression = (element: DmnElement | undefined, what: string): CompiledFeel =>
    element?.text?.trim() ? compiled(compileFeel, element.text, what, nothing) : nothing;
  const language = [logic, ...(logic?.input ?? []).map(({ inputExpression }) => inputExpression)]
    .map((one) => one?.expressionLanguage)
    .find((one) => one !== undefined && one !== '' && !/feel/i.test(one));
  if (language !== undefined) problems.push(at(decision, `the language ${language} is not supported, only FEEL`));
  if (logic?.$type === 'dmn:LiteralExpression') {
    if (!logic.text?.trim()) problems.push(at(decision, 'its expression is empty'));
    return { kind: 'literal', expression: expression(logic, 'expression') };
  }
  if (logic?.$type !== 'dmn:DecisionTable') {
    const what = logic ? logic.$type.replace('dmn:', '') : 'a decision without logic';
    problems.push(at(decision, `${what} is not supported, only decision tables and literal expressions`));
    return { kind: 'literal', expression: nothing };
  }
  const { input = [], output = [], rule = [], hitPolicy = 'UNIQUE', aggregation } = logic;
  if (!isHitPolicy(hitPolicy)) problems.push(at(decision, `there is no hit policy ${hitPolicy}`));
  if (aggregation !== undefined && output.length > 1) {
    problems.push(at(decision, `${aggregation} of a table with several outputs means nothing`));
  }
  return {
    kind: 'table',
    hitPolicy: isHitPolicy(hitPolicy) ? hitPolicy : 'UNIQUE',
    aggregation: aggregation as Aggregation | undefined,
    inputs: input.map(({ label, inputExpression }) => ({
      label: label || inputExpression?.text?.trim() || '',
      expression: expression(inputExpression, 'input'),
    })),
    outputs: output.map(({ name, outputValues, defaultOutputEntry }) => ({
      name: name ?? '',
      defaultValue: defaultOutputEntry ? expression(defaultOutputEntry, 'default output') : undefined,
      values: outputValues?.text?.trim()
        ? compiled(compileFeel, `[${outputValues.text}]`, 'output values', nothing)
        : undefined,
    })),
    rules: rule.map(({ id = '', inputEntry = [], outputEntry = [] }, index) => ({
      id,
      tests: inputEntry.map(({ text = '' }) =>
        compiled(compileUnaryTests, text, `rule ${index + 1}: input`, () => false),
      ),
      outputs: outputEntry.map((entry) => expression(entry, `rule ${index + 1}: output`)),
    })),
  };
}

const isHitPolicy = (text: string): text is HitPolicy => Object.hasOwn(hitPolicies, text);
