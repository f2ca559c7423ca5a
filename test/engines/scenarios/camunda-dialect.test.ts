import { createRequire } from 'node:module';
import { BpmnModdle } from 'bpmn-moddle';
import { Linter } from 'bpmnlint';
import NodeResolver from 'bpmnlint/lib/resolver/node-resolver.js';
import { describe, expect, it } from 'vitest';
import { readScenarios } from './read-scenarios.ts';

const require = createRequire(import.meta.url);
const moddle = new BpmnModdle({ zeebe: require('zeebe-bpmn-moddle/resources/zeebe.json') });
const linter = new Linter({
  config: { extends: 'plugin:camunda-compat/camunda-cloud-8-8' },
  resolver: new NodeResolver({ require }),
});

/** Errors in a diagram by Camunda's own rules for Camunda 8.8. */
async function faultsOf(xml: string): Promise<string[]> {
  const { rootElement } = await moddle.fromXML(xml);
  return Object.entries(await linter.lint(rootElement)).flatMap(([rule, reports]) =>
    reports.flatMap(({ id, message, category }) => (category === 'error' ? [`${rule}: ${id}: ${message}`] : [])),
  );
}

describe('the scenarios’ diagrams are Camunda 8’s', async () => {
  const scenarios = await readScenarios();
  const files = scenarios.flatMap(({ files, deployments }) => [files, ...Object.values(deployments)]);
  const diagrams = files
    .flatMap((one) => Object.entries(one))
    .flatMap(([name, xml]) => (name.endsWith('.bpmn') ? [{ name, xml }] : []));

  it.each(diagrams)('$name', async ({ xml }) => {
    expect(await faultsOf(xml)).toEqual([]);
  });
});
