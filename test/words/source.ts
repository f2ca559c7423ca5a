import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAst } from 'vitest/node';

/** A node of the syntax tree (ESTree), read loosely. */
export interface Node {
  type: string;
  start: number;
  [property: string]: unknown;
}

export interface SourceFile {
  path: string;
  program: Node;
  /** The line of a node, from 1. */
  lineOf(node: Node): number;
}

/** The TypeScript files below a directory. */
export function readSources(directory: string): SourceFile[] {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort();
  return names.flatMap((name) => {
    if (!name.endsWith('.ts') || name.endsWith('.d.ts')) return [];
    const path = join(directory, name);
    const text = readFileSync(path, 'utf8');
    const program = parseAst(text, { lang: 'ts' }) as unknown as Node;
    return [{ path, program, lineOf: (node: Node) => text.slice(0, node.start).split('\n').length }];
  });
}

export function childrenOf(node: Node): Node[] {
  return Object.values(node).flatMap((value) => (Array.isArray(value) ? value : [value]).filter(isNode));
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** The node and all below it, without those that `isSkipped` selects. */
export function walk(node: Node, isSkipped: (node: Node) => boolean = () => false): Node[] {
  return isSkipped(node) ? [] : [node, ...childrenOf(node).flatMap((child) => walk(child, isSkipped))];
}

/** The name of the called function or class: `plainText` of `plainText(…)`, `warn` of `logger.warn(…)`. */
export function calleeOf(node: Node): string | undefined {
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return undefined;
  const callee = node.callee as Node;
  const name = (callee.type === 'MemberExpression' ? callee.property : callee) as Node;
  return typeof name.name === 'string' ? name.name : undefined;
}

/** The text of a literal or a template; for a template with values, its `start` and `end`. */
export function textsOf(node: Node): { text: string } | { start: string; end: string } | undefined {
  if (node.type === 'Literal' && typeof node.value === 'string') return { text: node.value };
  if (node.type !== 'TemplateLiteral') return undefined;
  const parts = (node.quasis as Node[]).map((quasi) => (quasi.value as { cooked: string }).cooked);
  return parts.length === 1 ? { text: parts[0] ?? '' } : { start: parts[0] ?? '', end: parts.at(-1) ?? '' };
}
