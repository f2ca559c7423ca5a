import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person } from '../../../sandbox/driver/person.ts';
import { isObject, type JsonObject } from '../../../sandbox/json.ts';
import { parseMrkdwn } from '../../../sandbox/page/text/parse-mrkdwn.ts';
import { type Parts, type Registered, type Role, registered } from './registered.ts';
import { registrationsOf } from './registrations.ts';
import { marks, type Outcome, openRightsWorld, type Place, type RightsWorld } from './world.ts';

let world: RightsWorld;
beforeAll(async () => {
  world = await openRightsWorld();
}, 60_000);
afterAll(() => world.close());

/** The body of the interaction, as Slack delivers it. */
function bodyOf(person: Person, name: string, parts: Parts, teamId = world.office.sandbox.teamId): JsonObject {
  const [kind, id = ''] = name.split(/ (.*)/s);
  const { triggerId, viewId, responseUrl } = world.stage(person);
  const metadata = typeof parts.metadata === 'string' ? parts.metadata : JSON.stringify(parts.metadata ?? {});
  const view = {
    id: viewId,
    root_view_id: viewId,
    previous_view_id: null,
    app_installed_team_id: teamId,
    type: 'modal',
    callback_id: kind?.startsWith('view') ? id : parts.callbackId,
    private_metadata: metadata,
    title: { type: 'plain_text', text: 'Staged' },
    blocks: Object.keys(parts.state ?? {}).map((block_id) => ({ type: 'input', block_id })),
    state: { values: parts.state ?? {} },
  };
  const common = { team: { id: teamId }, user: { id: person.id, team_id: teamId }, trigger_id: triggerId };
  const container = { type: 'view', view_id: viewId };
  switch (kind) {
    case 'command':
      return {
        command: id,
        team_id: teamId,
        user_id: person.id,
        channel_id: parts.channelId,
        trigger_id: triggerId,
        response_url: responseUrl,
        text: '',
      };
    case 'shortcut': {
      const message = { type: 'message', ts: parts.messageTs, user: 'U0CARL00001', text: 'Hello' };
      const channel = { id: parts.channelId, name: 'support' };
      return { ...common, type: 'message_action', callback_id: id, channel, message, response_url: responseUrl };
    }
    case 'view':
      return { ...common, type: 'view_submission', view };
    case 'view_closed':
      return { ...common, type: 'view_closed', is_cleared: false, view };
    case 'options':
      return {
        ...common,
        type: 'block_suggestion',
        action_id: id,
        block_id: parts.blockId ?? 'b',
        value: '',
        container,
        view,
      };
    default: {
      const chosen = parts.chosen === undefined ? {} : { selected_option: { value: parts.chosen } };
      const type = parts.chosen === undefined ? 'button' : 'static_select';
      const action = {
        type,
        action_id: parts.actionId ?? id,
        block_id: 'b',
        action_ts: (Date.now() / 1000).toFixed(6),
        ...(parts.value === undefined ? {} : { value: parts.value }),
        ...chosen,
      };
      return { ...common, type: 'block_actions', container, view, actions: [action], response_url: responseUrl };
    }
  }
}

const rubbish = (text: string): Place => ({
  liveChatId: text,
  channelId: text,
  sessionId: text,
  messageTs: text,
  taskKey: text,
  runningId: text,
  cancelledId: text,
  failedId: text,
  processId: text,
  bindingId: text,
});

/** Payloads by an attacker, by the name of the attack. */
function tampered(one: Registered, own: Place, others: Place): [string, Parts][] {
  const mixed = one.parts(own, others);
  const isLegitimate = one.isCompanys || isDeepStrictEqual(mixed, one.parts(own, own));
  return [
    ['of another live chat', one.parts(others, others)],
    ...(isLegitimate ? [] : [['of another live chat, from their own', mixed] satisfies [string, Parts]]),
    ['of nothing', one.parts(rubbish('00000000-0000-4000-8000-000000000000'), rubbish("' or 1=1 --"))],
    ['unreadable', { ...one.parts(own, rubbish('')), metadata: '{no json' }],
  ];
}

/** The payloads without those that are the same as an earlier one: not every interaction names a live chat. */
function distinct(payloads: [string, Parts][]): [string, Parts][] {
  return payloads.filter(
    ([, parts], nth) => payloads.findIndex(([, earlier]) => isDeepStrictEqual(earlier, parts)) === nth,
  );
}

/** Everything that the person could read of the outcome. */
const readable = ({ answers, calls, written }: Outcome, person: Person): string =>
  JSON.stringify([
    answers,
    calls.filter(({ method, args }) => /^(views|chat)\./.test(method) && (args.user_id ?? person.id) === person.id),
    written,
  ]);

/** Calls that would write something where others read it. */
const posts = ({ calls }: Outcome) =>
  calls.filter(({ method }) => /^(chat|files|conversations\.(open|join|invite))/.test(method));

/** Sends an interaction, and returns what went wrong: something changed, was written, or was shown without permission. */
async function ask(
  person: Person,
  name: string,
  parts: Parts,
  { forbidden, teamId }: { forbidden: string[]; teamId?: string },
): Promise<string[]> {
  const outcome = await world.deliver(bodyOf(person, name, parts, teamId));
  const text = readable(outcome, person);
  return [
    ...forbidden.filter((mark) => text.includes(mark)).map((mark) => `told of ${mark}: ${text.slice(0, 600)}`),
    ...posts(outcome).map(({ method, args }) => `${method} ${JSON.stringify(args).slice(0, 300)}`),
    ...outcome.written.filter(({ ephemeralTo }) => ephemeralTo !== person.id).map(({ text }) => `written: ${text}`),
  ];
}

/** Sends all of these, and expects that nothing changes and nothing is shown without permission. */
async function expectRefusals(
  person: Person,
  asked: { name: string; how: string; parts: Parts }[],
  rules: { forbidden: string[]; teamId?: string },
): Promise<void> {
  await world.office.quiet();
  const before = await world.snapshot();
  const wrong: string[] = [];
  for (const { name, how, parts } of asked) {
    wrong.push(...(await ask(person, name, parts, rules)).map((what) => `${name}, ${how}: ${what}`));
  }
  await world.office.quiet();
  const after = await world.snapshot();
  const known = new Set(before);
  const kept = new Set(after);
  wrong.push(...after.filter((row) => !known.has(row)).map((row) => `new: ${row}`));
  wrong.push(...before.filter((row) => !kept.has(row)).map((row) => `gone: ${row}`));
  expect(wrong).toEqual([]);
}

test('every registration has an entry here', () => {
  const names = registered.map(({ name }) => name);
  expect(names.toSorted()).toEqual(registrationsOf(world.context).toSorted());
});

test.each(['client', 'guest', 'nobody', 'deactivated', 'elsewhere'] as const)(
  'a person who is %s is refused everything, whatever they send',
  async (who) => {
    const { support, sales } = world.places;
    const person = world.people[who];
    const asked = registered.flatMap((one) =>
      distinct([['as it is', one.parts(support, support)], ...tampered(one, sales, support)]).map(([how, parts]) => ({
        name: one.name,
        how,
        parts,
      })),
    );
    const forbidden = who === 'elsewhere' ? [marks.support] : Object.values(marks);
    await expectRefusals(person, asked, { forbidden });
  },
  60_000,
);

test('a person of another workspace is refused everything', async () => {
  const { support } = world.places;
  const asked = registered.map((one) => ({ name: one.name, how: 'as it is', parts: one.parts(support, support) }));
  await expectRefusals(world.people.foreign, asked, { forbidden: Object.values(marks), teamId: 'T0ELSEWHERE' });
});

test.each(['operator', 'supervisor', 'administrator'] as const)(
  'a person who is %s gets nothing without the right, and nothing of other live chats',
  async (role) => {
    const { support, sales } = world.places;
    const asked = registered.flatMap((one) => {
      const isFor = one.for === 'everybody' || one.for.includes(role);
      const variants = tampered(one, support, sales);
      // An administrator has access to all live chats.
      const foreign = role === 'administrator' ? variants.slice(-2) : variants;
      const own: [string, Parts][] = isFor ? [] : [['as it is', one.parts(support, support)]];
      return distinct([...own, ...foreign]).map(([how, parts]) => ({ name: one.name, how, parts }));
    });
    await expectRefusals(world.people[role], asked, { forbidden: role === 'administrator' ? [] : [marks.sales] });
  },
  60_000,
);

/** The markup in a text that is sent to Slack. */
function nodesOf(source: string, options: { verbatim?: boolean; formatting?: boolean } = {}): string[] {
  const found = (value: unknown): string[] => {
    if (Array.isArray(value)) return value.flatMap(found);
    if (!isObject(value)) return [];
    const { children, ...node } = value;
    const isPlain = ['text', 'paragraph', 'break', 'emoji', undefined].includes(node.type as string | undefined);
    return [...(isPlain ? [] : [JSON.stringify(node)]), ...found(children)];
  };
  return found(parseMrkdwn(source, options));
}

/** All texts in a request that Slack reads as mrkdwn. */
function mrkdwnIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(mrkdwnIn);
  if (!isObject(value)) return [];
  const own = value.type === 'mrkdwn' && typeof value.text === 'string' ? [value.text] : [];
  return [...own, ...Object.values(value).flatMap(mrkdwnIn)];
}

test('people with the right are allowed, and texts of others never contain markup', async () => {
  const { support } = world.places;
  const { traffic } = world.office.sandbox;
  traffic.clear();
  const answers: unknown[] = [];
  const failed: string[] = [];
  for (const one of registered) {
    await world.restore();
    const role: Role = one.for === 'everybody' ? 'operator' : (one.for[0] ?? 'operator');
    const person = world.people[role];
    const before = one.effect === 'changes' ? new Set(await world.snapshot()) : undefined;
    const outcome = await world.deliver(bodyOf(person, one.name, one.parts(support, support)));
    answers.push(...outcome.answers);
    const text = readable(outcome, person);
    const isDone = before
      ? (await world.snapshot()).some((row) => !before.has(row))
      : one.effect === 'opens' || [marks.support, marks.company].some((mark) => text.includes(mark));
    if (!isDone) failed.push(`${one.name}: ${text.slice(0, 500)}`);
  }
  expect(failed).toEqual([]);
  await world.office.quiet();

  const messages = traffic.calls.filter(({ method }) => /^chat\.(post|update)/.test(method));
  expect(messages.length).toBeGreaterThan(0);
  const texts = [
    ...messages.map(({ args }) => String(args.text ?? '')),
    ...traffic.calls.flatMap(({ args }) => mrkdwnIn(args)),
    ...mrkdwnIn(answers),
  ];
  expect(texts.filter((source) => /Secret|Hidden|Carl/.test(source)).length).toBeGreaterThan(10);
  // Blocks are verbatim; in a notification, a plain address becomes a link to itself.
  const nodes = texts.flatMap((source) => nodesOf(source, { verbatim: true }));
  const foreign = nodes.filter((node) => /broadcast|evil\.example|"text":"[xy]"/.test(node));
  expect(foreign).toEqual([]);
  expect(texts.filter((source) => /<!channel>|<https:\/\/evil|[ >]\*x\*[ <]/.test(source))).toEqual([]);
  for (const { method, args } of messages) {
    if (method !== 'chat.postMessage') continue;
    expect([args.unfurl_links, args.unfurl_media].map(String)).toEqual(['false', 'false']);
  }
}, 60_000);
