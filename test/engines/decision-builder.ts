/** Builds small DMN files, so that a decision in a test is as short as its table. */

interface OutputColumn {
  name: string;
  values?: string;
  otherwise?: string;
}

export interface TableOptions {
  hitPolicy?: string;
  aggregation?: string;
  /** Expressions. */
  inputs: string[];
  /** Names; or names with their allowed values, most important first, or with a default. */
  outputs: (string | OutputColumn)[];
  /** Each rule has the tests of its inputs, then its outputs. */
  rules: string[][];
  requires?: string[];
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const text = (tag: string, content: string, further = '') =>
  `<${tag}${further}><text>${escaped(content)}</text></${tag}>`;
const requirements = (ids: string[]) =>
  ids.map((id) => `<informationRequirement><requiredDecision href="#${id}"/></informationRequirement>`).join('');

export function table(id: string, options: TableOptions): string {
  const { hitPolicy, aggregation, inputs, outputs, rules, requires = [] } = options;
  const attributes = [hitPolicy && ` hitPolicy="${hitPolicy}"`, aggregation && ` aggregation="${aggregation}"`];
  const columns = [
    ...inputs.map((input) => `<input label="${escaped(input)}">${text('inputExpression', input)}</input>`),
    ...outputs.map((output) => {
      const { name, values, otherwise }: OutputColumn = typeof output === 'string' ? { name: output } : output;
      const inside = [values && text('outputValues', values), otherwise && text('defaultOutputEntry', otherwise)];
      return `<output name="${name}">${inside.filter(Boolean).join('')}</output>`;
    }),
  ];
  const rows = rules.map((cells, index) => {
    const entries = cells.map((cell, column) => text(column < inputs.length ? 'inputEntry' : 'outputEntry', cell));
    return `<rule id="${id}-rule-${index + 1}">${entries.join('')}</rule>`;
  });
  const content = `<decisionTable${attributes.filter(Boolean).join('')}>${[...columns, ...rows].join('')}</decisionTable>`;
  return `<decision id="${id}" name="${id}">${requirements(requires)}${content}</decision>`;
}

export const literal = (id: string, expression: string, requires: string[] = []) =>
  `<decision id="${id}" name="${id}"><variable name="${id}"/>${requirements(requires)}${text('literalExpression', expression)}</decision>`;

export const dmn = (...decisions: string[]) =>
  `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="definitions" name="d" namespace="http://camunda.org/schema/1.0/dmn">
${decisions.join('\n')}
</definitions>`;
