import { readFileSync } from 'node:fs';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { createMetrics } from '../../src/metrics/metrics.ts';

const alerts = z
  .strictObject({
    groups: z.tuple([
      z.strictObject({
        name: z.string(),
        rules: z.array(
          z.strictObject({
            alert: z.string().regex(/^Kickoff[A-Z]\w+$/),
            expr: z.string(),
            for: z
              .string()
              .regex(/^\d+m$/)
              .optional(),
            labels: z.strictObject({ severity: z.enum(['critical', 'warning']) }),
            annotations: z.strictObject({ summary: z.string().min(10), description: z.string().min(30) }),
          }),
        ),
      }),
    ]),
  })
  .parse(parse(readFileSync('deploy/alerts.yml', 'utf8'))).groups[0].rules;

const dashboard = z
  .object({
    panels: z.array(
      z.object({
        id: z.int(),
        title: z.string(),
        gridPos: z.object({ x: z.int(), y: z.int() }),
        targets: z.array(z.object({ refId: z.string(), expr: z.string(), legendFormat: z.string() })).min(1),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync('deploy/grafana-dashboard.json', 'utf8')));

/** Words of Prometheus' query language. */
const language = new Set(
  'sum max by le rate increase histogram_quantile offset h up instance job quantile __rate_interval m'.split(' '),
);

/** Each of Kickoff's metrics with its labels, from a sample of everything. */
async function known(): Promise<Map<string, Set<string>>> {
  const metrics = createMetrics();
  const body = { type: 'event_callback' };
  metrics.delivery(body, 'failed', 0);
  metrics.interactionFailed(body);
  metrics.start('failed', new Date());
  metrics.start('running', new Date());
  metrics.job('type', 'failed', 0);
  metrics.incidents(1);
  metrics.slackCall('chat.postMessage', 'unreachable', 0);
  metrics.query(0);
  metrics.watchQueue({ name: 'starts', state: async () => ({ due: 1, ageSeconds: 1, setAside: 1 }) });
  const ofNode = new Registry();
  collectDefaultMetrics({ register: ofNode });
  const text = `${(await metrics.text(true)).text}\n${await ofNode.metrics()}\nup{instance="",job=""} 1`;
  const names = new Map<string, Set<string>>();
  for (const [, name = '', labels = ''] of text.matchAll(/^(\w+)(?:\{(.*)\})? /gm)) {
    const found = names.get(name) ?? new Set(['instance', 'job']);
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) found.add(label);
    names.set(name, found);
  }
  return names;
}
const names = await known();

const isMetric = (word: string) => word === 'up' || /^(kickoff|process|nodejs)_/.test(word);

/** The words of a query that are neither part of the language, nor a metric or one of its labels. */
function mistakesIn(expr: string): string[] {
  const words = expr.replaceAll(/"[^"]*"/g, '').match(/[A-Za-z_]\w*/g) ?? [];
  const metrics = words.filter(isMetric);
  const labels = metrics.map((metric) => names.get(metric) ?? new Set<string>());
  return [
    ...(metrics.length === 0 ? ['no metric'] : []),
    ...metrics.filter((metric) => !names.has(metric)),
    ...words.filter((word) => !isMetric(word) && !language.has(word) && !labels.some((of) => of.has(word))),
  ];
}

test('a query with an unknown name is found', () => {
  expect(mistakesIn('sum(rate(kickoff_deliverys_total[5m]))')).toEqual(['kickoff_deliverys_total']);
  expect(mistakesIn('sum by (colour) (rate(kickoff_deliveries_total{outcome="failed"}[5m]))')).toEqual(['colour']);
  expect(mistakesIn('vector(1)')).toEqual(['no metric', 'vector']);
});

describe('the alert rules', () => {
  test('there are ten, each with a name of its own', () => {
    expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(10);
  });

  test.each(alerts)('$alert uses existing metrics and labels', ({ expr }) => {
    expect(mistakesIn(expr)).toEqual([]);
  });

  test('the outcomes in their queries are counted', () => {
    const asked = alerts.flatMap(({ expr }) => [...expr.matchAll(/outcome="(\w+)"/g)].map(([, outcome]) => outcome));
    expect(new Set(asked)).toEqual(new Set(['failed', 'unreachable']));
  });
});

describe('the dashboard', () => {
  const targets = dashboard.panels.flatMap(({ title, targets: all }) => all.map((target) => ({ title, ...target })));

  test.each(targets)('$title ($refId) uses existing metrics and labels', ({ expr, legendFormat }) => {
    expect(mistakesIn(expr)).toEqual([]);
    const shown = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label);
    expect(shown.filter((label) => !expr.includes(`${label}`) && label !== 'instance')).toEqual([]);
  });

  test('no panel covers another, and every metric of Kickoff has its place', () => {
    const places = dashboard.panels.map(({ gridPos }) => `${gridPos.x} ${gridPos.y}`);
    expect(new Set(places).size).toBe(places.length);
    const queries = targets.map(({ expr }) => expr).join(' ');
    const own = [...names.keys()]
      .filter((name) => name.startsWith('kickoff_'))
      .map((name) => name.replace(/_(bucket|sum|count)$/, ''));
    expect(own.filter((name) => !queries.includes(name))).toEqual([]);
  });
});
