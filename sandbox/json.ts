/** A JSON object as it goes over the wire, before anything is known about it. */
export type JsonObject = Record<string, unknown>;

/** Is it a JSON object (no array, no null)? */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Without the properties that are `undefined`, which is how an absent field looks on the wire. */
export function withoutUndefined(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined));
}
