import { z } from 'zod';

/** A file as it goes into a process. `link` is a URL that members of the Slack workspace can open; `size` in bytes. */
export interface FileValue {
  name: string;
  type: string;
  size: number;
  link: string;
}

/**
 * A value as it goes into a process. A boolean, a number and a choice keep their JSON types, a datetime is ISO 8601 with
 * offset, a date `YYYY-MM-DD`, a user its Slack id, everything else a string.
 */
export type Value = string | number | bigint | boolean | FileValue[];

/**
 * Any JSON value: what process variables are made of. A whole number outside the range in which `number` is exact is a
 * `bigint`, so that a service's 64-bit ids are kept; see json.ts.
 */
export type Json = string | number | bigint | boolean | null | Json[] | { [key: string]: Json };
/** For what comes from a variable, and so is JSON already. */
export const jsonSchema = z.custom<Json>((value) => value !== undefined);
export type Variables = { [name: string]: Json };
