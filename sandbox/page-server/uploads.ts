import { randomUUID } from 'node:crypto';
import type { Upload } from '../workspace/messages.ts';

/** Lower than Slack's limit of 1 GB, because the sandbox keeps files in memory. */
export const maxFileBytes = 20 * 1024 * 1024;
export const maxPartBytes = 256 * 1024;
/** Maximum number of uploaded files that were neither sent nor discarded. */
const maxWaiting = 20;

interface Waiting {
  name: string;
  mimetype: string;
  size: number;
  parts: Buffer[];
  received: number;
}

/** Files that a page uploads part by part, until they are used. */
export class Uploads {
  readonly #waiting = new Map<string, Waiting>();
  /** Upload id → id of the file in a field. */
  readonly #files = new Map<string, string>();

  begin(file: { name: string; mimetype: string; size: number }): string {
    if (file.size > maxFileBytes) {
      throw new Error(`"${file.name}" is too large: the sandbox takes files of up to ${maxFileBytes / 1024 / 1024} MB`);
    }
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size >= maxWaiting && oldest) this.#waiting.delete(oldest);
    const id = randomUUID();
    this.#waiting.set(id, { ...file, parts: [], received: 0 });
    return id;
  }

  /** Adds the next part; returns the number of bytes received so far. */
  add(id: string, base64: string): number {
    const upload = this.#find(id);
    const part = Buffer.from(base64, 'base64');
    if (part.length > maxPartBytes) throw new Error('The part is too large');
    if (upload.received + part.length > upload.size) throw new Error('There is more in the file than was announced');
    upload.parts.push(part);
    upload.received += part.length;
    return upload.received;
  }

  has(id: string): boolean {
    return this.#waiting.has(id);
  }

  /** Returns the complete files and removes them. Throws, and removes none, if one is incomplete. */
  take(ids: string[]): Upload[] {
    const files = ids.map((id) => {
      const { name, mimetype, size, parts, received } = this.#find(id);
      if (received < size) throw new Error(`"${name}" is not uploaded completely yet`);
      return { name, mimetype: mimetype || 'application/octet-stream', content: Buffer.concat(parts) };
    });
    for (const id of ids) this.#waiting.delete(id);
    return files;
  }

  /** Records the file's own id in a field; the page still refers to it by its upload id. */
  becameFile(id: string, fileId: string): void {
    this.#files.set(id, fileId);
  }

  fileOf(id: string): string | undefined {
    return this.#files.get(id);
  }

  #find(id: string): Waiting {
    const upload = this.#waiting.get(id);
    if (!upload) throw new Error('The file is not there any more; please choose it again');
    return upload;
  }
}
