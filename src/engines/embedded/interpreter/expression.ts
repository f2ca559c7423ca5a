import { type CompiledFeel, compileFeel, FeelEvaluationError } from '../../../feel/feel.ts';
import { toJson } from '../../../feel/to-json.ts';
import type { Json, Variables } from '../../../processes/value-types.ts';
import { storableText } from '../../../storable.ts';
import { markSecrets } from './secret-marks.ts';

/** Maximum length of a name or correlation key. Camunda 8: 256 with a relational database as storage. */
export const maximumName = 256;

const compiled = Symbol('compiled');

/**
 * A static text of the diagram, or a FEEL expression if it begins with `=`. Copies (`structuredClone`, `v8.serialize`) are
 * without the compiled form, and are compiled on first use. `hasSecrets`: its value has this process's mark in placeholders for
 * secrets, see secret-marks.ts.
 */
export type Expression =
  | { kind: 'static'; text: string; hasSecrets?: true }
  | { kind: 'feel'; text: string; hasSecrets?: true; [compiled]?: CompiledFeel };

/** The context of an evaluation. */
export interface Surroundings {
  variables: Variables;
  now: Date;
}

/** @throws FeelSyntaxError */
export function parseExpression(text: string): Expression {
  if (!text.startsWith('=')) return { kind: 'static', text };
  return { kind: 'feel', text, [compiled]: compileFeel(text.slice(1)) };
}

/** The same expression with placeholders for secrets. */
export const withSecrets = ({ kind, text }: Expression): Expression => ({ kind, text, hasSecrets: true });

/** The expression's FEEL value, dates and durations included. Throws FeelEvaluationError. */
export function evaluateRaw(expression: Expression, { variables, now }: Surroundings): unknown {
  if (expression.kind === 'static') return sourceOf(expression);
  expression[compiled] ??= compileFeel(sourceOf(expression).slice(1));
  return expression[compiled](variables, now);
}

const sourceOf = ({ text, hasSecrets }: Expression): string => (hasSecrets ? markSecrets(text).source : text);

/** The expression's value as JSON. Throws FeelEvaluationError, as the functions below do. */
export function evaluateJson(expression: Expression, surroundings: Surroundings): Json {
  const value = evaluateRaw(expression, surroundings);
  try {
    return toJson(value);
  } catch (cause) {
    throw new FeelEvaluationError(`${expression.text}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

export function evaluateBoolean(expression: Expression, surroundings: Surroundings): boolean {
  const value = evaluateJson(expression, surroundings);
  if (typeof value !== 'boolean') throw unexpected(expression, 'true or false', value);
  return value;
}

export function evaluateText(expression: Expression, surroundings: Surroundings): string {
  const value = evaluateJson(expression, surroundings);
  if (typeof value !== 'string') throw unexpected(expression, 'a text', value);
  return value;
}

export function evaluateList(expression: Expression, surroundings: Surroundings): Json[] {
  const value = evaluateJson(expression, surroundings);
  if (!Array.isArray(value)) throw unexpected(expression, 'a list', value);
  return value;
}

/** A list of texts; in a static text they are separated by commas. */
export function evaluateTexts(expression: Expression, surroundings: Surroundings): string[] {
  if (expression.kind === 'static') return expression.text.split(',').flatMap((text) => text.trim() || []);
  const value = evaluateJson(expression, surroundings);
  if (!Array.isArray(value)) throw unexpected(expression, 'a list of texts', value);
  return value.map((item) => {
    if (typeof item !== 'string') throw unexpected(expression, 'a list of texts', value);
    return item;
  });
}

/** The name of a message or signal. */
export function evaluateName(expression: Expression, surroundings: Surroundings): string {
  const name = storableText(evaluateText(expression, surroundings));
  if (name === '' || name.length > maximumName) {
    throw new FeelEvaluationError(`${expression.text} should be a name of 1 to ${maximumName} characters`);
  }
  return name;
}

/** A text or a whole number as the correlation key of a message. */
export function evaluateCorrelationKey(expression: Expression, surroundings: Surroundings): string {
  const value = evaluateJson(expression, surroundings);
  if (typeof value !== 'string' && !isNumber(value)) throw unexpected(expression, 'a text or a number', value);
  // Camunda 8 truncates numbers.
  const key = storableText(String(typeof value === 'number' ? Math.trunc(value) : value));
  if (key.length > maximumName) {
    throw new FeelEvaluationError(`${expression.text} has more than ${maximumName} characters, too many to wait for`);
  }
  return key;
}

/** Maximum of an integer column. */
export const maximumCount = 2_147_483_647;

/** An integer, at least 0. */
export function evaluateCount(expression: Expression, surroundings: Surroundings): number {
  const value = expression.kind === 'static' ? Number(expression.text) : evaluateJson(expression, surroundings);
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > maximumCount) {
    throw unexpected(expression, `a whole number up to ${maximumCount}`, value);
  }
  return value;
}

/** The error for a value of another kind than the expression should have. */
export function unexpected(expression: Expression, expected: string, value: Json): FeelEvaluationError {
  return new FeelEvaluationError(`${expression.text} should be ${expected}, but is ${describe(value)}`);
}

const isNumber = (value: Json) => typeof value === 'number' || typeof value === 'bigint';

/** Names only the type of a value, or null: values may be personal data, and reasons are stored. */
function describe(value: Json): string {
  if (value === null) return 'null';
  if (isNumber(value)) return 'a number';
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'a context' : `a ${typeof value}`;
}
