import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KeptWorkspace } from './kept-workspace.ts';
import type { FileRecord } from './state.ts';
import type { Traffic } from './traffic.ts';

/** Goes up when what is stored can no longer be read as it was. */
const version = 1;

/** How long after a change it is stored, in milliseconds: so much is lost in a crash. */
const delayMs = 250;
/** Of large workspaces, storing takes at most one part in so many of the time. */
const patience = 20;

/** Where a workspace is stored: `workspace.json`, and the contents of files beside it. */
export interface WorkspaceFolder {
  /** What was stored; undefined if nothing was. */
  read(): Promise<KeptWorkspace | undefined>;
  /** Stores it now and a moment after every change, until `stop`, which stores it once more. */
  follow(
    source: { traffic: Traffic; keep(): KeptWorkspace },
    onFailure: (error: unknown) => void,
  ): { stop(): Promise<void> };
}

/** Writes a file in one step: whoever reads it finds the old text or the new one, also after a crash. */
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

/** The text of a file; undefined if there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  return existsSync(path) ? readFile(path, 'utf8') : undefined;
}

function readStored(path: string, text: string): { version: number; workspace: KeptWorkspace } | undefined {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${path} is no JSON. Delete its folder to begin anew.`, { cause });
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
        throw new Error(`${path} was not written by this version of the sandbox. Delete ${folder} to begin anew.`);
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

      /** Returns how long it held everything else up, in milliseconds. */
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
          // What ends the waiting early is the end of it all.
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
