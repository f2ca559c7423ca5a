import { z } from 'zod';

/** A file as passed to a process. `link` is a URL that members of the Slack workspace can open; `size` in bytes. */
export interface FileValue {
  name: string;
  type: string;
  size: number;
  link: string;
}

/**
 * A value as passed to a process. A boolean, a number and a choice keep their JSON types; a datetime is ISO 8601 with offset, a
 * date `YYYY-MM-DD`, a user its Slack id, everything else a string.
 */
export type Value = string | number | bigint | boolean | FileValue[];

/**
 * Any JSON value, such as a process variable. A whole number outside the exact range of `number` is a `bigint`, so that 64-bit
 * ids of services keep their value; see json.ts.
 */
export type Json = string | number | bigint | boolean | null | Json[] | { [key: string]: Json };
/** Schema for values that come from variables, which are JSON already. */
export const jsonSchema = z.custom<Json>((value) => value !== undefined);
/** Variables by name. */
export type Variables = { [name: string]: Json };
