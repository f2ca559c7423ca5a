import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '../sandbox/json.ts';
import type { Traffic } from '../sandbox/traffic.ts';

/** A view, or the blocks and attachments of a message. */
export interface Surface {
  /** Identifies it by its content. */
  name: string;
  content: { view: JsonObject } | { message: JsonObject };
}

const viewMethods = ['views.open', 'views.push', 'views.update', 'views.publish'];
const messageMethods = ['chat.postMessage', 'chat.postEphemeral', 'chat.update'];

/** The views and messages in the calls that the sandbox accepted, and in answers to submissions, without near-duplicates. */
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

/** Ids, keys, dates and counts: contents that differ only in these are checked once. */
const varying = /\b[A-Z]0[A-Z0-9]{6,}\b|\b[0-9a-f]{8}-[0-9a-f-]{27}\b|\d{2,}/g;

function nameOf(content: Surface['content']): string {
  const hash = createHash('sha256').update(JSON.stringify(content).replaceAll(varying, '*')).digest('hex').slice(0, 12);
  const view = 'view' in content ? content.view : undefined;
  return `${view ? `view ${String(view.callback_id ?? view.type)}` : 'message'} ${hash}`;
}

/** Writes each into its own file in the directory. */
export async function keepSurfaces(directory: string, traffic: Pick<Traffic, 'callsOf' | 'deliveries'>): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const { name, content } of surfacesIn(traffic)) {
    await writeFile(join(directory, `${name.replaceAll(/\W+/g, '-')}.json`), JSON.stringify(content));
  }
}

/** Reads the views and messages of a directory. */
export async function readSurfaces(directory: string): Promise<Surface[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.json')).toSorted();
  return Promise.all(
    files.map(async (file) => {
      const content: Surface['content'] = JSON.parse(await readFile(join(directory, file), 'utf8'));
      return { name: nameOf(content), content };
    }),
  );
}
