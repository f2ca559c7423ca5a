import { z } from 'zod';
import type { Json, Variables } from '../../../processes/value-types.ts';
import { PermanentJobError } from '../../engine.ts';

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const flag = z.union([z.boolean(), z.enum(['true', 'false', '']).transform((value) => value === 'true')]).nullish();
/** Modeler writes a number of an input as text. 0 is no limit. */
const seconds = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]).pipe(z.number().nonnegative());
const entries = z.record(z.string(), z.union([text, z.array(text), z.null()]));

const authenticationSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('noAuth') }),
  z.object({ type: z.literal('basic'), username: text, password: text.nullish() }),
  z.object({ type: z.literal('bearer'), token: text }),
  z.object({
    type: z.literal('apiKey'),
    apiKeyLocation: z.enum(['headers', 'query']).default('headers'),
    name: text,
    value: text,
  }),
  z.object({
    type: z.literal('oauth-client-credentials-flow'),
    oauthTokenEndpoint: z.string(),
    clientId: text,
    clientSecret: text,
    audience: text.nullish(),
    scopes: text.nullish(),
    clientAuthentication: z.enum(['basicAuthHeader', 'credentialsBody']).default('basicAuthHeader'),
  }),
]);
export type HttpAuthentication = z.infer<typeof authenticationSchema>;

/** Inputs of `io.camunda:http-json:1`, as Camunda's REST connector template (io.camunda.connectors.HttpJson.v2) maps them. */
const inputSchema = z.object({
  method: z
    .string()
    .default('GET')
    .transform((method) => method.toUpperCase())
    .pipe(z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'])),
  url: z.string().min(1),
  headers: entries.nullish(),
  queryParameters: entries.nullish(),
  body: z.json().nullish(),
  authentication: authenticationSchema.nullish(),
  connectionTimeoutInSeconds: seconds.default(20),
  readTimeoutInSeconds: seconds.default(20),
  ignoreNullValues: flag,
});
export type HttpJsonInput = z.infer<typeof inputSchema>;

const inputNames = new Set([
  ...Object.keys(inputSchema.shape),
  'writeTimeoutInSeconds',
  'skipEncoding',
  'groupSetCookieHeaders',
  'storeResponse',
]);

/** Parts a job's variables into the connector's inputs and what else the process carries along. */
export function splitInputs(variables: Variables): { inputs: Variables; data: Variables } {
  const all = Object.entries(variables);
  return {
    inputs: Object.fromEntries(all.filter(([name]) => inputNames.has(name))),
    data: Object.fromEntries(all.filter(([name]) => !inputNames.has(name))),
  };
}

/** Throws {@link PermanentJobError} that names the input, never its value. */
export function readInputs(inputs: Json): HttpJsonInput {
  const parsed = inputSchema.safeParse(inputs);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new PermanentJobError(`the input ${issue?.path.join('.')} is not usable: ${issue?.message}`);
}
