import { own } from '../../../own.ts';
import { reservedVariables } from '../../../processes/reserved-variables.ts';
import type { Json, Variables } from '../../../processes/value-types.ts';
import { evaluateJson } from './expression.ts';
import { type InstanceState, rootToken, type Token } from './instance-state.ts';
import type { Mapping } from './model.ts';
import { seal, unseal } from './secret-marks.ts';

/** All variables visible from a token: its own, then those of the surrounding scopes. */
export function visibleVariables(state: InstanceState, key: number): Variables {
  const locals: Variables[] = [];
  for (let token: Token | undefined = state.tokens[key]; token; token = outer(state, token)) {
    if (token.local) locals.push(token.local);
  }
  let seen: Variables = {};
  // Spread rather than assigned, so that a variable named __proto__ stays a variable.
  for (const local of locals.reverse()) seen = { ...seen, ...local };
  return seen;
}

/** Sets each variable in the nearest scope, from the given token outwards, that has it; else in the process. */
export function propagate(state: InstanceState, from: number, variables: Variables): void {
  for (const [name, value] of Object.entries(variables)) {
    let token = state.tokens[from];
    while (token?.scope !== undefined && !(token.local && Object.hasOwn(token.local, name)))
      token = outer(state, token);
    setLocal(token ?? rootOf(state), name, value);
  }
}

/** Sets variables of the token itself; reserved ones stay as they are. */
export function setLocals(token: Token, variables: Variables): void {
  for (const [name, value] of Object.entries(variables)) setLocal(token, name, value);
}

/** The own variables of the token and the surrounding scopes, to be restored by {@link restoreLocals}. */
export function localsAround(state: InstanceState, key: number): Map<Token, Variables | undefined> {
  const locals = new Map<Token, Variables | undefined>();
  for (let token: Token | undefined = state.tokens[key]; token; token = outer(state, token))
    locals.set(token, token.local);
  return locals;
}

/** Sets a token's own variables back to those of {@link localsAround}. */
export function restoreLocals(token: Token, local: Variables | undefined): void {
  if (local) token.local = local;
  else delete token.local;
}

/** Applies input mappings: they set variables of the token itself, and each mapping sees the results of the previous ones. */
export function applyInputs(state: InstanceState, key: number, mappings: readonly Mapping[], now: Date): void {
  const token = state.tokens[key];
  if (!token || mappings.length === 0) return;
  const outside = visibleVariables(state, key);
  const { variables, mark } = seal(evaluateMappings(mappings, outside, {}, now));
  if (mark !== undefined) token.secretMark = mark;
  setLocals(token, variables);
}

/** Applies output mappings: evaluated inside the token, set outside it. */
export function applyOutputs(state: InstanceState, key: number, mappings: readonly Mapping[], now: Date): void {
  const token = state.tokens[key];
  if (!token || mappings.length === 0) return;
  const inside = unseal(visibleVariables(state, key), token.secretMark);
  // If an instance of a multi-instance activity sets its own output variable, the value stays there for the output list.
  propagate(
    state,
    token.loop === undefined ? (token.scope ?? rootToken) : key,
    evaluateMappings(mappings, inside, inside, now),
  );
}

/** `existing`: variables that a target such as `order.total` adds to. */
function evaluateMappings(mappings: readonly Mapping[], seen: Variables, existing: Variables, now: Date): Variables {
  let result: Variables = {};
  /** Paths of the contexts that nested targets have created. */
  const made = new Set<string>();
  for (const { source, target } of mappings) {
    const [name] = target;
    if (name === undefined) continue;
    const value = evaluateJson(source, { variables: { ...seen, ...result }, now });
    const entry = entryOf({ target, value, made }, 1, own(result, name), own(existing, name));
    result = { ...result, [name]: entry };
  }
  return result;
}

const isInside = (path: string, outer: string) => path === outer || path.startsWith(`${outer}.`);

interface NestedTarget {
  target: string[];
  value: Json;
  made: Set<string>;
}

/**
 * The value at the first `depth` parts of a target. Nested targets add to their context and to the existing one outside; as in
 * Camunda 8, a value that an earlier mapping set for the context itself is lost.
 */
function entryOf(nested: NestedTarget, depth: number, current: Json | undefined, outside: Json | undefined): Json {
  const { target, value, made } = nested;
  const path = target.slice(0, depth).join('.');
  const key = target[depth];
  if (key === undefined) {
    for (const one of made) if (isInside(one, path)) made.delete(one);
    return value;
  }
  const context = (made.has(path) ? current : outside) ?? {};
  made.add(path);
  // Like FEEL's `context put`, which Camunda 8 uses for such a target.
  if (typeof context !== 'object' || Array.isArray(context)) return null;
  const inside =
    typeof outside === 'object' && outside !== null && !Array.isArray(outside) ? own(outside, key) : undefined;
  return { ...context, [key]: entryOf(nested, depth + 1, own(context, key), inside) };
}

/** The only place that writes variables, except when an instance begins. */
function setLocal(token: Token, name: string, value: Json): void {
  // Reserved variables cannot be overwritten by jobs, people or other processes.
  if (reservedVariables.has(name)) return;
  token.local = { ...token.local, [name]: value };
}

function outer(state: InstanceState, token: Token): Token | undefined {
  return token.scope === undefined ? undefined : state.tokens[token.scope];
}

function rootOf(state: InstanceState): Token {
  const root = state.tokens[rootToken];
  if (!root) throw new Error('the instance has no root');
  return root;
}
