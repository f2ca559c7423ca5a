import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '../sandbox/json.ts';
import type { Traffic } from '../sandbox/traffic.ts';

/** Something that Slack shows: a view, or the blocks and attachments of a message. */
export interface Surface {
  /** Tells it from others, by what is in it. */
  name: string;
  content: { view: JsonObject } | { message: JsonObject };
}

const viewMethods = ['views.open', 'views.push', 'views.update', 'views.publish'];
const messageMethods = ['chat.postMessage', 'chat.postEphemeral', 'chat.update'];

/** What the sandbox was shown in calls that it took, and in answers to submissions; what is alike once. */
export function surfacesIn(traffic: Pick<Traffic, 'callsOf' | 'deliveries'>): Surface[] {
  const taken = (methods: string[]) =>
    methods.flatMap((method) => traffic.callsOf(method)).filter(({ answer }) => answer?.ok === true);
  const answers = traffic.deliveries.flatMap(({ attempts }) =>
    attempts.map(({ answer }) => answer as JsonObject | null),
  );
  const views = [...taken(viewMethods).map(({ args }) => args.view), ...answers.map((answer) => answer?.view)];
  const messages = taken(messageMethods).flatMap(({ args: { blocks, attachments } }) =>
    blocks || attachments ? [{ ...(blocks ? { blocks } : {}), ...(attachments ? { attachments } : {}) }] : [],
  );
  const contents = [
    ...views.flatMap((view) => (isObject(view) ? [{ view }] : [])),
    ...messages.map((message) => ({ message })),
  ];
  return [...new Map(contents.map((content) => [nameOf(content), { name: nameOf(content), content }])).values()];
}

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null;

/** Ids, keys, dates and counts: what differs only in these is asked about once. */
const varying = /\b[A-Z]0[A-Z0-9]{6,}\b|\b[0-9a-f]{8}-[0-9a-f-]{27}\b|\d{2,}/g;

function nameOf(content: Surface['content']): string {
  const hash = createHash('sha256').update(JSON.stringify(content).replaceAll(varying, '*')).digest('hex').slice(0, 12);
  const view = 'view' in content ? content.view : undefined;
  return `${view ? `view ${String(view.callback_id ?? view.type)}` : 'message'} ${hash}`;
}

/** Writes each into a file of its own in the directory. */
export async function keepSurfaces(directory: string, traffic: Pick<Traffic, 'callsOf' | 'deliveries'>): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const { name, content } of surfacesIn(traffic)) {
    await writeFile(join(directory, `${name.replaceAll(/\W+/g, '-')}.json`), JSON.stringify(content));
  }
}

/** Those that a directory has. */
export async function readSurfaces(directory: string): Promise<Surface[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.json')).toSorted();
  return Promise.all(
    files.map(async (file) => {
      const content: Surface['content'] = JSON.parse(await readFile(join(directory, file), 'utf8'));
      return { name: nameOf(content), content };
    }),
  );
}
