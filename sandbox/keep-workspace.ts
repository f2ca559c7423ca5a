import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KeptWorkspace } from './kept-workspace.ts';
import type { FileRecord } from './state.ts';
import type { Traffic } from './traffic.ts';

/** Version of the stored format. Increase it if older files cannot be read any more. */
const version = 1;

/** How long after a change the workspace is stored, in milliseconds. A crash loses the changes of this time. */
const delayMs = 250;
/** Waits this many times as long as storing took, so that storing a large workspace does not block everything else. */
const patience = 20;

/** The folder of a workspace: `workspace.json`, and the contents of files beside it. */
export interface WorkspaceFolder {
  /** Reads the stored workspace; undefined if there is none. */
  read(): Promise<KeptWorkspace | undefined>;
  /** Stores the workspace now, shortly after every change, and at `stop`. */
  follow(
    source: { traffic: Traffic; keep(): KeptWorkspace },
    onFailure: (error: unknown) => void,
  ): { stop(): Promise<void> };
}

/** Writes a file atomically: readers find the old text or the new one, also after a crash. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const file = await open(`${path}.new`, 'w');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}

/** Reads the text of a file; undefined if it does not exist. */
export async function readIfThere(path: string): Promise<string | undefined> {
  return existsSync(path) ? readFile(path, 'utf8') : undefined;
}

function readStored(path: string, text: string): { version: number; workspace: KeptWorkspace } | undefined {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${path} is no JSON. Delete its folder to start over.`, { cause });
  }
}

export function workspaceFolder(folder: string): WorkspaceFolder {
  const path = join(folder, 'workspace.json');
  const contentPath = (id: string) => join(folder, 'files', id);
  const storedContents = new Set<string>();

  async function storeContents(files: FileRecord[]): Promise<void> {
    for (const { id, content } of files) {
      if (storedContents.has(id)) continue;
      await writeFile(contentPath(id), Buffer.from(content, 'base64'));
      storedContents.add(id);
    }
  }

  return {
    async read() {
      const text = await readIfThere(path);
      if (text === undefined) return undefined;
      const stored = readStored(path, text);
      if (stored?.version !== version) {
        throw new Error(`${path} was not written by this version of the sandbox. Delete ${folder} to start over.`);
      }
      for (const file of Object.values(stored.workspace.state.files)) {
        const content = await readFile(contentPath(file.id)).catch(() => Buffer.alloc(0));
        file.content = content.toString('base64');
        storedContents.add(file.id);
      }
      return stored.workspace;
    },
    follow({ traffic, keep }, onFailure) {
      const stopping = new AbortController();
      const { signal } = stopping;
      let changes = 0;
      let last = '';
      const changed = () => {
        changes += 1;
      };

      /** Returns how long it blocked the event loop, in milliseconds. */
      const store = async (): Promise<number> => {
        const began = performance.now();
        const { state, undelivered } = keep();
        const files = Object.values(state.files);
        const withoutContents = Object.fromEntries(files.map((file) => [file.id, { ...file, content: '' }]));
        const text = JSON.stringify({
          version,
          workspace: { state: { ...state, files: withoutContents }, undelivered },
        });
        const took = performance.now() - began;
        if (text === last) return took;
        await mkdir(join(folder, 'files'), { recursive: true });
        await storeContents(files);
        await writeWhole(path, text);
        last = text;
        return took;
      };

      const storing = (async () => {
        while (!signal.aborted) {
          const seen = changes;
          const took = await store().catch((error: unknown) => {
            onFailure(error);
            return delayMs;
          });
          // Rejects only when `stop` aborts the wait.
          if (changes === seen) await once(traffic.onChange, 'change', { signal }).catch(() => {});
          await sleep(Math.max(delayMs, took * patience), undefined, { signal }).catch(() => {});
        }
      })();
      traffic.onChange.on('change', changed);
      return {
        async stop() {
          stopping.abort();
          traffic.onChange.off('change', changed);
          await storing;
          await store();
        },
      };
    },
  };
}
