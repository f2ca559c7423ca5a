import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BpmnModdle } from 'bpmn-moddle';
import { beforeAll, describe, expect, test } from 'vitest';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json' with { type: 'json' };
import { z } from 'zod';
import { assertConnectorExpressions } from '../../src/engines/embedded/job-handlers/connector-expressions.ts';
import { type LoadedProcess, loadProcesses } from '../../src/engines/embedded/reading/load-processes.ts';
import { createCatalogue } from '../../src/processes/catalogue.ts';
import { checkValues } from '../../src/processes/check-values.ts';
import { fieldsOf } from '../../src/processes/form.ts';
import { matchParameters } from '../../src/processes/match-parameters.ts';
import { parseForm } from '../../src/processes/parse-form.ts';
import { properties } from '../../src/sessions/properties.ts';
import { formBlocks } from '../../src/slack/block-kit/form-blocks.ts';
import { english } from '../../src/words/words.ts';

const directory = 'processes';
const jobTypes = ['io.camunda:http-json:1', 'live-chat:send-response', 'live-chat:send-message'];
const paths = (await readdir(directory, { recursive: true })).sort();
const diagrams = paths.filter((path) => path.endsWith('.bpmn'));
const forms = paths.filter((path) => path.endsWith('.form'));

const plane = z.object({
  rootElements: z.array(
    z.object({ flowElements: z.array(z.looseObject({ id: z.string(), $type: z.string() })).optional() }),
  ),
  diagrams: z.array(
    z.object({
      plane: z.object({
        planeElement: z.array(
          z.object({
            $type: z.string(),
            bpmnElement: z.object({ id: z.string() }),
            bounds: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }).optional(),
            waypoint: z.array(z.object({ x: z.number(), y: z.number() })).optional(),
          }),
        ),
      }),
    }),
  ),
});

async function readDiagram(path: string) {
  const moddle = new BpmnModdle({ zeebe });
  const { rootElement, warnings } = await moddle.fromXML(await readFile(join(directory, path), 'utf8'));
  const { rootElements, diagrams } = plane.parse(rootElement);
  return {
    warnings,
    elements: rootElements.flatMap(({ flowElements = [] }) => flowElements),
    drawn: diagrams.flatMap(({ plane }) => plane.planeElement),
  };
}

test('there are five', () => {
  expect(diagrams).toHaveLength(5);
});

describe.each(diagrams)('%s', (path) => {
  test('is BPMN, with every element drawn and every flow ending at its elements', async () => {
    const { warnings, elements, drawn } = await readDiagram(path);
    expect(warnings).toEqual([]);
    expect(drawn.map(({ bpmnElement }) => bpmnElement.id).sort()).toEqual(elements.map(({ id }) => id).sort());
    for (const { waypoint } of drawn.filter(({ $type }) => $type === 'bpmndi:BPMNEdge')) {
      for (const end of [waypoint?.at(0), waypoint?.at(-1)]) {
        const touches = drawn.some(
          ({ bounds }) =>
            bounds &&
            end &&
            end.x >= bounds.x &&
            end.x <= bounds.x + bounds.width &&
            end.y >= bounds.y &&
            end.y <= bounds.y + bounds.height,
        );
        expect(touches, JSON.stringify(end)).toBe(true);
      }
    }
  });

  test('is for Camunda 8', async () => {
    expect(await readFile(join(directory, path), 'utf8')).toMatch(/modeler:executionPlatform="Camunda Cloud"/);
  });
});

test.each(forms)('%s can be shown', async (path) => {
  const form = parseForm(await readFile(join(directory, path), 'utf8'));
  expect(formBlocks(english, form, {}, { scope: 's' })).toHaveLength(form.items.length);
});

describe('in the engine', () => {
  let loaded: Awaited<ReturnType<typeof loadProcesses>>;
  const byId = (id: string): LoadedProcess => {
    const process = loaded.processes.find(({ definition }) => definition.id === id);
    if (!process) throw new Error(`${id} is not loaded`);
    return process;
  };
  beforeAll(async () => {
    loaded = await loadProcesses(directory, { jobTypes });
  });

  test('all are loaded, without a problem, with all their forms', () => {
    expect(loaded.problems).toEqual([]);
    expect(loaded.processes).toHaveLength(5);
    const linked = loaded.processes.flatMap((process) => Object.keys(process.forms));
    expect(linked).toHaveLength(forms.length);
  });

  test('they have the right workspaces and apps', () => {
    const catalogue = createCatalogue(loaded.processes.map(({ definition }) => ({ ...definition, version: 1 })));
    expect(
      catalogue
        .search('')
        .groups.map(({ scope = 'Company', definitions }) => [scope, ...definitions.map(({ name }) => name)]),
    ).toEqual([
      ['Company', 'Ask for feedback', 'Escalate'],
      ['CRM / Leads', 'Create lead'],
      ['Service desk / Orders', 'Ask for order number'],
      ['Service desk / Requests', 'Handle request'],
    ]);
  });

  test('expressions in connectors’ headers are valid FEEL', () => {
    const headers = loaded.processes.flatMap(({ model }) =>
      [...model.elements.values()].flatMap(({ behaviour }) => (behaviour.kind === 'job' ? [behaviour.headers] : [])),
    );
    expect(headers.some(({ errorExpression }) => errorExpression)).toBe(true);
    for (const header of headers) assertConnectorExpressions(header);
  });

  test('Create lead and Ask for feedback start with any known data of the client, also with none', () => {
    for (const id of ['create-lead', 'ask-for-feedback']) {
      const { startForm } = byId(id).definition;
      expect(startForm && checkValues(fieldsOf(startForm), {})).toEqual([]);
    }
  });

  test.each([
    [
      'create-lead',
      {
        clientName: 'client.name',
        clientCompany: 'client.company',
        clientEmail: 'client.email',
        clientPhone: 'client.phone',
        messageText: 'message.text',
        sessionLink: 'session.link',
      },
    ],
    [
      'escalate',
      {
        messageText: 'message.text',
        clientName: 'client.name',
        clientEmail: 'client.email',
        sessionLink: 'session.link',
      },
    ],
    [
      'ask-for-feedback',
      {
        clientName: 'client.name',
        clientEmail: 'client.email',
        clientPhone: 'client.phone',
        sessionName: 'session.name',
        sessionLink: 'session.link',
        sessionClosedAt: 'session.closedAt',
      },
    ],
  ])('%s finds the session’s properties by itself', (id, mapping) => {
    expect(matchParameters(byId(id).definition.parameters, properties)).toEqual(mapping);
  });
});
