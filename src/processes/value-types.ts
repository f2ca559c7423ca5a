import { z } from 'zod';

/** The types shared by session properties, process parameters and form fields. */
export const valueTypes = [
  'text',
  'number',
  'boolean',
  'date',
  'datetime',
  'choice',
  'choices',
  'email',
  'phone',
  'link',
  'user',
  'files',
] as const;

export const valueTypeSchema = z.enum(valueTypes);
export type ValueType = z.infer<typeof valueTypeSchema>;

export { type FileValue, type Json, jsonSchema, type Value, type Variables } from '../values.ts';
