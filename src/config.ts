import { statSync } from 'node:fs';
import { z } from 'zod';

const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  );

/** A comma-separated list in which each item must match; the message says why the first mismatch is refused. */
const listOf = (pattern: RegExp, expected: string) =>
  list.superRefine((items, context) => {
    const wrong = items.find((item) => !pattern.test(item));
    if (wrong !== undefined) context.addIssue({ code: 'custom', message: `must list ${expected}, not “${wrong}”` });
  });

const url = (protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    message: `must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  });

/** The engines that can run processes, see engines/open-engines.ts. */
export const engineNames = ['embedded', 'camunda8', 'operaton', 'elma365'] as const;
export type EngineName = (typeof engineNames)[number];

const engineList = z
  .string()
  .default('embedded')
  .transform((text, context): EngineName[] => {
    const names = text.split(',').map((name) => name.trim());
    const known = names.flatMap((name) => engineNames.find((one) => one === name) ?? []);
    const wrong = names.find((name) => !engineNames.some((one) => one === name));
    if (wrong !== undefined) context.addIssue(`must list engines (${engineNames.join(', ')}), not “${wrong}”`);
    return [...new Set(known)];
  });

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** Checks the cluster's address and what each way of signing in requires. */
function checkCamunda(
  environment: Readonly<Record<string, unknown>> & { CAMUNDA_AUTH_STRATEGY: 'NONE' | 'BASIC' | 'OAUTH' },
  context: z.core.$RefinementCtx,
): void {
  const need = (name: string, message: string) => {
    if (!environment[name]) context.addIssue({ code: 'custom', path: [name], message });
  };
  need(
    'CAMUNDA_REST_ADDRESS',
    'is needed for camunda8 in ENGINES: where its REST API is, such as https://camunda.internal or http://localhost:8080',
  );
  const strategy = environment.CAMUNDA_AUTH_STRATEGY;
  const needed = {
    NONE: [],
    BASIC: ['CAMUNDA_BASIC_AUTH_USERNAME', 'CAMUNDA_BASIC_AUTH_PASSWORD'],
    OAUTH: ['CAMUNDA_OAUTH_URL', 'CAMUNDA_CLIENT_ID', 'CAMUNDA_CLIENT_SECRET'],
  }[strategy];
  for (const name of needed) need(name, `is needed for CAMUNDA_AUTH_STRATEGY=${strategy}`);
}

/** Checks what is needed for ELMA365: its Web API cannot list processes, so a file has to name them. */
function checkElma(environment: Readonly<Record<string, unknown>>, context: z.core.$RefinementCtx): void {
  const needed = {
    ELMA365_URL: 'where it is, such as https://company.elma365.com',
    ELMA365_TOKEN: 'a token that an administrator has made there',
    ELMA365_PROCESSES: 'the file that names its processes (docs/engines.md)',
  };
  for (const [name, what] of Object.entries(needed)) {
    if (environment[name]) continue;
    context.addIssue({ code: 'custom', path: [name], message: `is needed for elma365 in ENGINES: ${what}` });
  }
}

const environmentSchema = z
  .object({
    SLACK_BOT_TOKEN: z.string().startsWith('xoxb-', 'must be a bot token (xoxb-…)').optional(),
    SLACK_APP_TOKEN: z.string().startsWith('xapp-', 'must be an app-level token (xapp-…)').optional(),
    SLACK_SIGNING_SECRET: z.string().optional(),
    SLACK_API_URL: url(['http:', 'https:']).default('https://slack.com/api/'),
    DATABASE_URL: url(['postgres:', 'postgresql:']).optional(),
    DATA_DIR: z.string().default('./data'),
    PROCESSES_DIR: z.string().default('./processes').refine(isFolder, 'must be an existing folder'),
    ENGINES: engineList,
    CAMUNDA_REST_ADDRESS: url(['http:', 'https:']).optional(),
    CAMUNDA_AUTH_STRATEGY: z
      .enum(['NONE', 'BASIC', 'OAUTH'], { message: 'must be NONE, BASIC or OAUTH' })
      .default('NONE'),
    CAMUNDA_BASIC_AUTH_USERNAME: z.string().optional(),
    CAMUNDA_BASIC_AUTH_PASSWORD: z.string().optional(),
    CAMUNDA_OAUTH_URL: url(['http:', 'https:']).optional(),
    CAMUNDA_CLIENT_ID: z.string().optional(),
    CAMUNDA_CLIENT_SECRET: z.string().optional(),
    CAMUNDA_OPERATE_BASE_URL: url(['http:', 'https:']).optional(),
    CAMUNDA_TASKLIST_BASE_URL: url(['http:', 'https:']).optional(),
    CAMUNDA_DEPLOY: z.enum(['true', 'false'], { message: 'must be true or false' }).default('false'),
    OPERATON_REST_URL: url(['http:', 'https:']).optional(),
    OPERATON_USERNAME: z.string().optional(),
    OPERATON_PASSWORD: z.string().optional(),
    OPERATON_WEBAPPS_URL: url(['http:', 'https:']).optional(),
    ELMA365_URL: url(['http:', 'https:']).optional(),
    ELMA365_TOKEN: z.string().optional(),
    ELMA365_PROCESSES: z.string().optional(),
    ENGINE_PEOPLE: z.string().optional(),
    JOB_WORKERS: z.enum(['external'], { message: 'must be external, or unset' }).optional(),
    JOB_WORKERS_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
    OTEL_EXPORTER_OTLP_ENDPOINT: url(['http:', 'https:']).optional(),
    METRICS_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
    KICKOFF_ADMINS: listOf(/^[USW][A-Z0-9]+$/, 'Slack user ids (U…) and user-group ids (S…)'),
    PORT: z.coerce.number('must be a port number').int().min(0).max(65535).default(3000),
    KEEP_DAYS: z.coerce
      .number('must be a number of days')
      .int('must be a whole number of days')
      .min(0, 'must be a number of days, or 0 to keep everything forever')
      .max(36_500, 'must be at most 36500 days (0 keeps everything forever)')
      .default(90),
    LOG_LEVEL: z
      .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
        message: 'must be one of fatal, error, warn, info, debug, trace, silent',
      })
      .default('info'),
    HTTP_ALLOWED_HOSTS: listOf(
      /^([\w.-]+|\[[\da-f:.]+\])(:\d+)?$|^[\da-f:]+$/i,
      'host names or addresses such as crm.internal or 127.0.0.1:8080',
    ),
    ANSWER_AS_OPERATOR: z.enum(['true', 'false'], { message: 'must be true or false' }).default('false'),
    SANDBOX_HOST: z
      .string()
      .regex(/^[\w.:-]+$/, 'must be an address or a host name, such as 0.0.0.0')
      .optional(),
  })
  .superRefine((environment, context) => {
    if (environment.SLACK_BOT_TOKEN && environment.SANDBOX_HOST) {
      context.addIssue({
        code: 'custom',
        path: ['SANDBOX_HOST'],
        message: 'is where the sandbox workspace listens, but with SLACK_BOT_TOKEN there is no sandbox workspace',
      });
    }
    if (environment.JOB_WORKERS && !environment.JOB_WORKERS_TOKEN) {
      context.addIssue({
        code: 'custom',
        path: ['JOB_WORKERS_TOKEN'],
        message: 'is needed for JOB_WORKERS=external: what workers show to get jobs',
      });
    }
    if (environment.ENGINES.includes('camunda8')) checkCamunda(environment, context);
    if (environment.ENGINES.includes('operaton') && !environment.OPERATON_REST_URL) {
      context.addIssue({
        code: 'custom',
        path: ['OPERATON_REST_URL'],
        message:
          'is needed for operaton in ENGINES: where its REST API is, such as https://operaton.internal/engine-rest',
      });
    }
    if (environment.ENGINES.includes('elma365')) checkElma(environment, context);
    if (environment.SLACK_BOT_TOKEN && !environment.SLACK_APP_TOKEN && !environment.SLACK_SIGNING_SECRET) {
      context.addIssue({
        code: 'custom',
        path: ['SLACK_SIGNING_SECRET'],
        message: 'is needed to receive deliveries over HTTP (or set SLACK_APP_TOKEN for Socket Mode)',
      });
    }
    if (!environment.SLACK_BOT_TOKEN && (environment.SLACK_APP_TOKEN || environment.SLACK_SIGNING_SECRET)) {
      context.addIssue({
        code: 'custom',
        path: ['SLACK_BOT_TOKEN'],
        message: 'is missing beside the other Slack credentials (set none of them to run the sandbox workspace)',
      });
    }
  });

/** How Kickoff reaches Slack: the Web API with `botToken`, and deliveries by Socket Mode or signed HTTP. */
export interface SlackConfig {
  botToken: string;
  apiUrl: string;
  delivery: { mode: 'socket'; appToken: string } | { mode: 'http'; signingSecret: string };
}

export interface Config {
  /** Absent: the built-in sandbox workspace is used instead of Slack. */
  slack: SlackConfig | undefined;
  /** Absent: embedded PGlite below `dataDir`. */
  databaseUrl: string | undefined;
  dataDir: string;
  processesDir: string;
  /** At least one. */
  engines: EngineName[];
  /** Connection to Camunda 8, if it is among the engines. */
  camunda8: { environment: Readonly<Record<string, string>>; deploy: boolean } | undefined;
  /** Connection to Operaton or Camunda 7, if it is among the engines. */
  operaton:
    | { url: string; username: string | undefined; password: string | undefined; webappsUrl: string | undefined }
    | undefined;
  /** Connection to ELMA365 and the file that names its processes, if it is among the engines. */
  elma365: { url: string; token: string; processFile: string } | undefined;
  /** Path of the file that maps people and groups of other engines to Slack. */
  enginePeople: string | undefined;
  /** The token of external workers, which do the jobs that Kickoff does not do itself. */
  jobWorkersToken: string | undefined;
  /** Whether spans are sent to a collector. OpenTelemetry's SDK reads its own variables. */
  isTraced: boolean;
  /** The token that a client of /metrics has to send. */
  metricsToken: string | undefined;
  /** Slack user ids and user-group ids. */
  admins: string[];
  port: number;
  /** How many days ended data is kept; 0: unlimited. */
  keepDays: number;
  logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  /** The values of `{{secrets.NAME}}` in processes, by NAME. */
  secrets: ReadonlyMap<string, string>;
  /** Private or local hosts that processes may call nevertheless. */
  httpAllowedHosts: string[];
  /** Whether answers to clients appear under the name and picture of the operator who answered. */
  answerAsOperator: boolean;
  /** The address that the sandbox listens on. Anybody who can reach it can act as any person in it. */
  sandboxHost: string;
}

/** The environment is invalid. The message has one line per mistake, each naming its variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** The secrets in an environment, by name: `SECRET_CRM_URL` is `CRM_URL`. An empty one counts as unset. */
export function secretsIn(environment: Record<string, string | undefined>): Map<string, string> {
  return new Map(
    Object.entries(environment).flatMap(([name, value]) =>
      name.startsWith('SECRET_') && value ? [[name.slice('SECRET_'.length), value] as const] : [],
    ),
  );
}

/** Reads and validates the environment. An empty variable counts as unset. Throws {@link ConfigError}. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const set = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = environmentSchema.safeParse(set);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
    throw new ConfigError(lines.join('\n'));
  }
  const env = parsed.data;
  return {
    slack: slackConfig(env),
    databaseUrl: env.DATABASE_URL,
    dataDir: env.DATA_DIR,
    processesDir: env.PROCESSES_DIR,
    engines: env.ENGINES,
    camunda8: env.ENGINES.includes('camunda8') ? camunda8Config(env, set) : undefined,
    operaton: env.OPERATON_REST_URL
      ? {
          url: env.OPERATON_REST_URL,
          username: env.OPERATON_USERNAME,
          password: env.OPERATON_PASSWORD,
          webappsUrl: env.OPERATON_WEBAPPS_URL,
        }
      : undefined,
    elma365:
      env.ELMA365_URL && env.ELMA365_TOKEN && env.ELMA365_PROCESSES
        ? { url: env.ELMA365_URL, token: env.ELMA365_TOKEN, processFile: env.ELMA365_PROCESSES }
        : undefined,
    enginePeople: env.ENGINE_PEOPLE,
    jobWorkersToken: env.JOB_WORKERS ? env.JOB_WORKERS_TOKEN : undefined,
    isTraced: env.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined,
    metricsToken: env.METRICS_TOKEN,
    admins: env.KICKOFF_ADMINS,
    port: env.PORT,
    keepDays: env.KEEP_DAYS,
    logLevel: env.LOG_LEVEL,
    secrets: secretsIn(set),
    httpAllowedHosts: env.HTTP_ALLOWED_HOSTS,
    answerAsOperator: env.ANSWER_AS_OPERATOR === 'true',
    sandboxHost: env.SANDBOX_HOST ?? '127.0.0.1',
  };
}

/** Camunda's client reads its other variables itself. */
function camunda8Config(
  { CAMUNDA_DEPLOY, CAMUNDA_AUTH_STRATEGY }: z.infer<typeof environmentSchema>,
  set: Record<string, string | undefined>,
): Config['camunda8'] {
  const own = Object.entries(set).flatMap(([name, value]) =>
    name.startsWith('CAMUNDA_') && name !== 'CAMUNDA_DEPLOY' && value !== undefined ? [[name, value] as const] : [],
  );
  return { environment: { ...Object.fromEntries(own), CAMUNDA_AUTH_STRATEGY }, deploy: CAMUNDA_DEPLOY === 'true' };
}

function slackConfig(env: z.infer<typeof environmentSchema>): SlackConfig | undefined {
  if (!env.SLACK_BOT_TOKEN) return undefined;
  return {
    botToken: env.SLACK_BOT_TOKEN,
    apiUrl: env.SLACK_API_URL,
    delivery: env.SLACK_APP_TOKEN
      ? { mode: 'socket', appToken: env.SLACK_APP_TOKEN }
      : { mode: 'http', signingSecret: env.SLACK_SIGNING_SECRET ?? '' },
  };
}
