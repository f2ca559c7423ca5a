import { expect, test } from 'vitest';
import { ConfigError, readConfig } from '../src/config.ts';

test('with nothing set, it is the sandbox, embedded, with defaults', () => {
  expect(readConfig({ PORT: '' })).toMatchObject({
    slack: undefined,
    sandboxHost: '127.0.0.1',
    databaseUrl: undefined,
    dataDir: './data',
    processesDir: './processes',
    port: 3000,
    logLevel: 'info',
  });
});

test('tokens choose the mode, lists are split, secrets collected', () => {
  const config = readConfig({
    SLACK_BOT_TOKEN: 'xoxb-1',
    SLACK_APP_TOKEN: 'xapp-1',
    KICKOFF_ADMINS: 'U1, S2,',
    HTTP_ALLOWED_HOSTS: '127.0.0.1:8080,crm.internal,[::1]:80,fe80::1',
    SECRET_CRM_URL: 'http://crm.internal',
  });
  expect(config.slack?.delivery).toEqual({ mode: 'socket', appToken: 'xapp-1' });
  expect(config.admins).toEqual(['U1', 'S2']);
  expect(config.httpAllowedHosts).toEqual(['127.0.0.1:8080', 'crm.internal', '[::1]:80', 'fe80::1']);
  expect(config.secrets.get('CRM_URL')).toBe('http://crm.internal');
});

test.each([
  [{ PORT: 'abc' }, /^PORT must be a port number$/],
  [{ JOB_WORKERS: 'all' }, /^JOB_WORKERS must be external, or unset$/],
  [{ JOB_WORKERS: 'external' }, /^JOB_WORKERS_TOKEN is needed for JOB_WORKERS=external/],
  [{ JOB_WORKERS: 'external', JOB_WORKERS_TOKEN: 'short' }, /^JOB_WORKERS_TOKEN must have at least 16/],
  [{ ENGINES: 'camunda8' }, /^CAMUNDA_REST_ADDRESS is needed for camunda8/],
  [
    { ENGINES: 'elma365', ELMA365_TOKEN: 't' },
    /^ELMA365_URL is needed for elma365 in ENGINES: .*\nELMA365_PROCESSES is needed for elma365/,
  ],
  [{ CAMUNDA_AUTH_STRATEGY: 'MAGIC' }, /^CAMUNDA_AUTH_STRATEGY must be NONE, BASIC or OAUTH$/],
  [
    { ENGINES: 'camunda8', CAMUNDA_REST_ADDRESS: 'http://c', CAMUNDA_AUTH_STRATEGY: 'BASIC' },
    /^CAMUNDA_BASIC_AUTH_USERNAME is needed for CAMUNDA_AUTH_STRATEGY=BASIC\nCAMUNDA_BASIC_AUTH_PASSWORD is needed/,
  ],
  [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL must be one of/],
  [{ DATABASE_URL: 'mysql://x' }, /^DATABASE_URL must be a URL that starts with postgres:/],
  [{ SLACK_BOT_TOKEN: 'xoxp-1' }, /^SLACK_BOT_TOKEN must be a bot token/],
  [{ SLACK_BOT_TOKEN: 'xoxb-1' }, /^SLACK_SIGNING_SECRET is needed/],
  [{ SLACK_APP_TOKEN: 'xapp-1' }, /^SLACK_BOT_TOKEN is missing/],
  [{ KICKOFF_ADMINS: 'U1,anna' }, /^KICKOFF_ADMINS must list Slack user ids .*, not “anna”$/],
  [{ HTTP_ALLOWED_HOSTS: 'crm,http://crm/' }, /^HTTP_ALLOWED_HOSTS must list host names .*, not “http:\/\/crm\/”$/],
  [{ SANDBOX_HOST: 'http://x/' }, /^SANDBOX_HOST must be an address/],
  [
    { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', SANDBOX_HOST: '0.0.0.0' },
    /^SANDBOX_HOST is where the sandbox/,
  ],
  [{ PORT: '-1', LOG_LEVEL: 'x' }, /^PORT .*\nLOG_LEVEL /],
])('%o is a readable error', (environment, line) => {
  expect(() => readConfig(environment)).toThrow(ConfigError);
  expect(() => readConfig(environment)).toThrow(line);
});

test('Camunda 8 variables are passed to its client, and only if Camunda 8 is configured', () => {
  const camunda = { CAMUNDA_REST_ADDRESS: 'http://c', CAMUNDA_DEFAULT_TENANT_ID: 'sales', CAMUNDA_DEPLOY: 'true' };
  expect(readConfig(camunda).camunda8).toBeUndefined();
  expect(readConfig({ ENGINES: 'embedded,camunda8', ...camunda }).camunda8).toEqual({
    environment: {
      CAMUNDA_REST_ADDRESS: 'http://c',
      CAMUNDA_DEFAULT_TENANT_ID: 'sales',
      CAMUNDA_AUTH_STRATEGY: 'NONE',
    },
    deploy: true,
  });
});
