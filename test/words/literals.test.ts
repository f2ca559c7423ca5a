import { expect, test } from 'vitest';
import { calleeOf, type Node, readSources, textsOf, walk } from './source.ts';

/** Whether people in Slack do not read the text: it is for a log, a query or an error for developers. */
function isInside(node: Node): boolean {
  if (node.type === 'ImportDeclaration' || node.type.startsWith('TS')) return true;
  if (node.type === 'TaggedTemplateExpression') return (node.tag as Node).name === 'sql';
  if (isLogged(node)) return true;
  // The name of an error.
  if (node.type === 'PropertyDefinition') return (node.key as { name?: string }).name === 'name';
  // The columns of a table.
  if (calleeOf(node) === 'pgTable') return true;
  // Errors; UserFacingError takes no text.
  return node.type === 'NewExpression' && (calleeOf(node) ?? '').endsWith('Error');
}

function isLogged(node: Node): boolean {
  const callee = node.callee as (Node & { object?: Node }) | undefined;
  if (node.type !== 'CallExpression' || callee?.type !== 'MemberExpression') return false;
  const { name, property } = (callee.object ?? {}) as { name?: string; property?: { name?: string } };
  return ['log', 'logger'].includes(property?.name ?? name ?? '');
}

/** Whether it has several words, or begins like a sentence. */
function readsLikeWords(text: string): boolean {
  return /\p{L}{2,}[,:;.!?]? \p{L}/u.test(text) || /^\P{L}*\p{Lu}\p{Ll}+/u.test(text);
}

/** Properties of Block Kit whose texts are always shown. */
const shown = ['text', 'title', 'label', 'hint', 'placeholder', 'description', 'plainText', 'mrkdwn', 'section'];

function shownLiterals(node: Node): Node[] {
  const property = node.type === 'Property' ? (node.key as { name?: string }).name : calleeOf(node);
  if (!property || !shown.includes(property)) return [];
  const held = node.type === 'Property' ? [node.value as Node] : (node.arguments as Node[]);
  return held.filter((value) => /\p{L}/u.test(wordsOf(value).join('').replaceAll(/:\w+:/g, '')));
}

function wordsOf(node: Node): string[] {
  const texts = textsOf(node);
  if (!texts) return [];
  return 'text' in texts
    ? [texts.text]
    : (node.quasis as Node[]).map((one) => (one.value as { cooked: string }).cooked);
}

function literalsIn(directory: string): string[] {
  return readSources(directory).flatMap(({ path, program, lineOf }) => {
    const nodes = walk(program, isInside);
    const found = nodes.flatMap((node) => [
      ...shownLiterals(node),
      ...(wordsOf(node).some(readsLikeWords) ? [node] : []),
    ]);
    return [...new Set(found)].map((node) => `${path}:${lineOf(node)} ${wordsOf(node).join('…')}`);
  });
}

/** Names in /readyz, log lines and HTTP. */
const forOperations = [
  'deferred deliveries',
  'home tabs',
  'Slack: …',
  'Slack …',
  'SLACK_APP_TOKEN is not accepted: …',
  'the Socket Mode connection is down',
  'Bearer …',
];

test('no text in src/slack is in one language only', () => {
  // A job's error becomes an incident, which the engine stores as text and Camunda's Operate shows, too.
  const literals = literalsIn('src/slack').filter((literal) => !literal.startsWith('src/slack/job-handlers/'));
  expect(literals.filter((literal) => !forOperations.some((text) => literal.endsWith(` ${text}`)))).toEqual([]);
});
