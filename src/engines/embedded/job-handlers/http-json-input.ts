import { z } from 'zod';
import { type Json, jsonSchema, type Variables } from '../../../processes/value-types.ts';
import { PermanentJobError } from '../../engine.ts';

const text = z.union([z.string(), z.number(), z.bigint(), z.boolean()]).transform(String);
/** Maximum timeout in seconds, also used for 0 (no limit). */
const longestTimeout = 3600;
const flag = z.union([z.boolean(), z.enum(['true', 'false', '']).transform((value) => value === 'true')]).nullish();
/** A number of seconds; Modeler writes numbers as text. 0 means no limit. */
const seconds = z
  .union([z.number(), z.string().regex(/^\d+$/).transform(Number)])
  .pipe(z.number().nonnegative().max(longestTimeout));
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
  body: jsonSchema.nullish(),
  authentication: authenticationSchema.nullish(),
  connectionTimeoutInSeconds: seconds.default(20),
  readTimeoutInSeconds: seconds.default(20),
  ignoreNullValues: flag,
  // Features of Camunda's connector that are not supported.
  storeResponse: flag.refine((value) => value !== true, 'storing the response as a document is not supported'),
  skipEncoding: flag.refine((value) => value !== true, 'sending a URL as it is written is not supported'),
  groupSetCookieHeaders: flag.refine((value) => value !== true, 'grouping of cookies is not supported'),
});
export type HttpJsonInput = z.infer<typeof inputSchema>;

/** Parses the inputs. Throws {@link PermanentJobError} that names the input, never its value. */
export function readInputs(inputs: Json): HttpJsonInput {
  const parsed = inputSchema.safeParse(inputs);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new PermanentJobError(`the input ${issue?.path.join('.')} is not usable: ${issue?.message}`);
}

/** The connector's inputs among a job's variables. */
export function inputsOf(variables: Variables): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => Object.hasOwn(inputSchema.shape, name)));
}

/** Checks an input with a fixed value in the diagram; returns the mistake, if there is one. */
export function inputMistake(name: string, value: Json): string | undefined {
  if (!Object.hasOwn(inputSchema.shape, name)) return undefined;
  const parsed = inputSchema.shape[name as keyof typeof inputSchema.shape].safeParse(value);
  return parsed.success ? undefined : `the input ${name} is not usable: ${parsed.error.issues[0]?.message}`;
}

/** Time limit of a job with these inputs, in milliseconds: its timeouts plus a margin. */
export function timeoutOf(variables: Variables): number {
  const limit = (name: 'connectionTimeoutInSeconds' | 'readTimeoutInSeconds') => {
    const parsed = inputSchema.shape[name].safeParse(variables[name]);
    return (parsed.success && parsed.data) || (parsed.success ? longestTimeout : 20);
  };
  const request = limit('connectionTimeoutInSeconds') + limit('readTimeoutInSeconds');
  const authentication = z.looseObject({ type: z.string() }).safeParse(variables.authentication).data?.type;
  // OAuth needs a request for the token first.
  const requests = authentication === 'oauth-client-credentials-flow' ? 2 : 1;
  return (requests * request + 5) * 1000;
}
