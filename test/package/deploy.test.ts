import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { readDockerfile, textsOf } from './dockerfile.ts';

const image = readDockerfile().at(-1);
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
/** SIGTERM ends Kickoff within this many seconds: src/end-process.ts and its watchdog. */
const endsWithinSeconds = 10;
const known = new Set(readFileSync('.env.example', 'utf8').match(/(?<=^#?)[A-Z][A-Z_]+(?==)/gm));

test('the image runs the built program as an unprivileged user, with a health check', () => {
  expect(textsOf(image, 'FROM')).toEqual(['node:24-alpine']);
  expect(textsOf(image, 'USER')).toEqual(['1000:1000']);
  expect(textsOf(image, 'CMD')).toHaveLength(1);
  expect(textsOf(image, 'HEALTHCHECK')).toHaveLength(1);
  expect(textsOf(image, 'ENV').join(' ')).toContain('DATA_DIR=/data');
});

test('nothing secret or built here goes into the image', () => {
  const ignored = readFileSync('.dockerignore', 'utf8').split('\n');
  expect(ignored).toEqual(expect.arrayContaining(['.env', '.git', 'node_modules', 'dist', 'data']));
});

describe('compose.yml', () => {
  /** The part of the Compose specification that the file uses. Unknown names are errors. */
  const seconds = z
    .string()
    .regex(/^\d+[sm]$/)
    .transform((text) => Number.parseInt(text, 10) * (text.endsWith('m') ? 60 : 1));
  const service = z.strictObject({
    image: z.string(),
    build: z.literal('.').optional(),
    env_file: z.literal('.env').optional(),
    environment: z.record(z.string(), z.string()),
    depends_on: z.record(z.string(), z.strictObject({ condition: z.literal('service_healthy') })).optional(),
    ports: z.array(z.string()).optional(),
    volumes: z.array(z.string()),
    tmpfs: z.string().optional(),
    read_only: z.boolean().optional(),
    cap_drop: z.array(z.string()).optional(),
    security_opt: z.array(z.string()).optional(),
    mem_limit: z.string().optional(),
    healthcheck: z
      .strictObject({ test: z.array(z.string()), interval: seconds, timeout: seconds, retries: z.number() })
      .optional(),
    stop_grace_period: seconds,
    restart: z.enum(['unless-stopped']),
  });
  const compose = z
    .strictObject({
      name: z.string(),
      services: z.strictObject({ kickoff: service, postgres: service }),
      volumes: z.record(z.string(), z.null()),
    })
    .parse(parse(readFileSync('compose.yml', 'utf8')));
  const { kickoff, postgres } = compose.services;

  test('Kickoff waits until the database is healthy, and has its URL', () => {
    expect(Object.keys(kickoff.depends_on ?? {})).toEqual(['postgres']);
    expect(postgres.healthcheck?.test).toContain('pg_isready');
    const url = new URL(kickoff.environment.DATABASE_URL?.replaceAll(/\$\{[^}]*\}/g, 'secret') ?? '');
    expect([url.hostname, url.port, url.username, url.pathname]).toEqual([
      'postgres',
      '5432',
      postgres.environment.POSTGRES_USER,
      `/${postgres.environment.POSTGRES_DB}`,
    ]);
    expect(postgres.environment.POSTGRES_PASSWORD).toMatch(/^\$\{POSTGRES_PASSWORD:\?/);
    expect(kickoff.environment.DATABASE_URL).toContain(postgres.environment.POSTGRES_PASSWORD);
  });

  test('the database outlives its container', () => {
    expect(postgres.volumes).toEqual(['postgres:/var/lib/postgresql/data']);
    expect(Object.keys(compose.volumes)).toEqual(['postgres']);
  });

  test('Kickoff writes only to memory, has no privileges, and has enough time to end', () => {
    expect(kickoff).toMatchObject({ read_only: true, tmpfs: '/tmp', cap_drop: ['ALL'] });
    expect(kickoff.stop_grace_period).toBeGreaterThan(endsWithinSeconds);
    expect(Object.keys(kickoff.environment).filter((name) => !known.has(name))).toEqual([]);
    expect(kickoff.ports).toEqual([`127.0.0.1:${kickoff.environment.PORT}:${kickoff.environment.PORT}`]);
  });
});

describe('deploy/kubernetes.yml', () => {
  const documents = parseAllDocuments(readFileSync('deploy/kubernetes.yml', 'utf8'));
  /** The part of Kubernetes' API that the manifests use. Unknown names are errors. */
  const labels = z.record(z.string(), z.string());
  const metadata = z.strictObject({ name: z.literal('kickoff'), labels: labels.optional() });
  const probe = z.strictObject({
    httpGet: z.strictObject({ path: z.enum(['/healthz', '/readyz']), port: z.literal('http') }),
    periodSeconds: z.int(),
    timeoutSeconds: z.int().optional(),
    failureThreshold: z.int().optional(),
  });
  const container = z.strictObject({
    name: z.string(),
    image: z.string(),
    envFrom: z.array(z.strictObject({ secretRef: z.strictObject({ name: z.string() }) })),
    env: z.array(z.strictObject({ name: z.string(), value: z.string() })),
    ports: z.array(z.strictObject({ name: z.literal('http'), containerPort: z.int() })),
    startupProbe: probe,
    livenessProbe: probe,
    readinessProbe: probe,
    resources: z.strictObject({ requests: labels, limits: labels }),
    securityContext: z.strictObject({
      allowPrivilegeEscalation: z.literal(false),
      readOnlyRootFilesystem: z.literal(true),
      capabilities: z.strictObject({ drop: z.tuple([z.literal('ALL')]) }),
    }),
    volumeMounts: z.array(z.strictObject({ name: z.string(), mountPath: z.string() })),
  });
  const deployment = z.strictObject({
    apiVersion: z.literal('apps/v1'),
    kind: z.literal('Deployment'),
    metadata,
    spec: z.strictObject({
      replicas: z.int(),
      selector: z.strictObject({ matchLabels: labels }),
      strategy: z.strictObject({ rollingUpdate: z.strictObject({ maxUnavailable: z.int(), maxSurge: z.int() }) }),
      template: z.strictObject({
        metadata: z.strictObject({ labels }),
        spec: z.strictObject({
          serviceAccountName: z.string(),
          automountServiceAccountToken: z.literal(false),
          terminationGracePeriodSeconds: z.int(),
          securityContext: z.strictObject({
            runAsNonRoot: z.literal(true),
            runAsUser: z.int(),
            runAsGroup: z.int(),
            fsGroup: z.int(),
            seccompProfile: z.strictObject({ type: z.literal('RuntimeDefault') }),
          }),
          containers: z.tuple([container]),
          volumes: z.array(
            z.union([
              z.strictObject({ name: z.string(), emptyDir: z.strictObject({}) }),
              z.strictObject({ name: z.string(), configMap: z.strictObject({ name: z.string() }) }),
            ]),
          ),
        }),
      }),
    }),
  });
  const service = z.strictObject({
    apiVersion: z.literal('v1'),
    kind: z.literal('Service'),
    metadata,
    spec: z.strictObject({
      selector: labels,
      ports: z.tuple([z.strictObject({ name: z.string(), port: z.int(), targetPort: z.literal('http') })]),
    }),
  });
  const account = z.strictObject({
    apiVersion: z.literal('v1'),
    kind: z.literal('ServiceAccount'),
    metadata,
    automountServiceAccountToken: z.literal(false),
  });
  const budget = z.strictObject({
    apiVersion: z.literal('policy/v1'),
    kind: z.literal('PodDisruptionBudget'),
    metadata,
    spec: z.strictObject({ maxUnavailable: z.int(), selector: z.strictObject({ matchLabels: labels }) }),
  });
  const [, { spec }, { spec: serving }, { spec: disruption }] = z
    .tuple([account, deployment, service, budget])
    .parse(documents.map((document) => document.toJS()));
  const pod = spec.template.spec;
  const [program] = pod.containers;

  test('every document can be read', () => {
    expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
  });

  test('deployment, service and budget select the same pods', () => {
    const { labels: ofPods } = spec.template.metadata;
    expect(spec.selector.matchLabels).toEqual(ofPods);
    expect(serving.selector).toEqual(ofPods);
    expect(disruption.selector.matchLabels).toEqual(ofPods);
  });

  test('the pod matches the image: version, user, port and folders', () => {
    expect(program.image).toBe(`kickoff:${version}`);
    expect(textsOf(image, 'USER')).toEqual([`${pod.securityContext.runAsUser}:${pod.securityContext.runAsGroup}`]);
    expect(textsOf(image, 'EXPOSE')).toEqual(program.ports.map(({ containerPort }) => String(containerPort)));
    expect(program.volumeMounts.map(({ name }) => name).sort()).toEqual(pod.volumes.map(({ name }) => name).sort());
    expect(program.volumeMounts.map(({ mountPath }) => mountPath)).toEqual(
      expect.arrayContaining(['/tmp', ...textsOf(image, 'VOLUME'), ...program.env.map(({ value }) => value)]),
    );
    expect(program.env.filter(({ name }) => !known.has(name))).toEqual([]);
  });

  test('an update stops no replica before its successor is ready, and leaves enough time to end', () => {
    expect(spec.strategy.rollingUpdate.maxUnavailable).toBe(0);
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(endsWithinSeconds);
    expect(program.readinessProbe.httpGet.path).toBe('/readyz');
    // A restart would not help if Slack or the database is down.
    expect([program.livenessProbe.httpGet.path, program.startupProbe.httpGet.path]).toEqual(['/healthz', '/healthz']);
  });
});

describe('deploy/kickoff.service', () => {
  const text = readFileSync('deploy/kickoff.service', 'utf8');
  const values = (name: string) => [...text.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value]) => value);

  test('each line is a comment, a section or a setting, and no setting is repeated', () => {
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines.filter((line) => !/^(\[(Unit|Service|Install)\]|[A-Z]\w+=.*)$/.test(line))).toEqual([]);
    expect(new Set(lines.map((line) => line.split('=')[0])).size).toBe(lines.length);
  });

  test('it starts the same program as the image, restarts it, and leaves enough time to end', () => {
    const [, ...command] = JSON.parse(textsOf(image, 'CMD')[0] ?? '') as string[];
    const [folder] = values('WorkingDirectory');
    expect(values('ExecStart')).toEqual([
      ['/usr/bin/node', ...command.slice(0, -1), `${folder}/${command.at(-1)}`].join(' '),
    ]);
    expect(values('Restart')).toEqual(['always']);
    expect(Number(values('TimeoutStopSec')[0])).toBeGreaterThan(endsWithinSeconds);
  });

  test('its only place to write is where the embedded database goes', () => {
    expect(values('ProtectSystem')).toEqual(['strict']);
    expect(values('Environment')[0]).toContain(`DATA_DIR=/var/lib/${values('StateDirectory')[0]}`);
    // Node.js compiles code to memory and then runs it.
    expect(values('MemoryDenyWriteExecute')).toEqual([]);
  });
});
