import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readIfThere, writeWhole } from '../keep-workspace.ts';

const text = z.string().max(10_000).nullish();

/** The body of `POST /crm/leads`. */
export const leadSchema = z.object({
  name: text,
  company: text,
  email: text,
  phone: text,
  message: text,
  session: text,
  source: text,
});

export type NewLead = z.infer<typeof leadSchema>;

export interface Lead extends NewLead {
  id: string;
  /** ISO 8601. */
  createdAt: string;
  /** When the same client was posted again, ISO 8601. */
  askedAgainAt: string[];
}

interface Stored {
  leads: Lead[];
  /** The answer given for each idempotency key. */
  answers: Record<string, Taken>;
}

/** The result of posting a lead. */
export interface Taken {
  id: string;
  /** True if the client was already known, by e-mail address. */
  existed: boolean;
}

/** The leads of the CRM, stored in `crm.json` of the folder, or in memory without one. */
export class Leads {
  readonly #path: string | undefined;
  readonly #stored: Stored;
  #storing: Promise<void> = Promise.resolve();

  private constructor(path: string | undefined, stored: Stored) {
    this.#path = path;
    this.#stored = stored;
  }

  static async open(folder: string | undefined): Promise<Leads> {
    if (folder === undefined) return new Leads(undefined, { leads: [], answers: {} });
    await mkdir(folder, { recursive: true });
    const path = join(folder, 'crm.json');
    const stored = await readIfThere(path);
    return new Leads(path, stored === undefined ? { leads: [], answers: {} } : JSON.parse(stored));
  }

  /** Newest first. */
  get all(): Lead[] {
    return this.#stored.leads.toReversed();
  }

  /** Stores a lead. Idempotent for requests with the same key. */
  async take(lead: NewLead, key: string | undefined, now: Date): Promise<Taken & { isRepeated: boolean }> {
    const { leads, answers } = this.#stored;
    const before = key !== undefined && Object.hasOwn(answers, key) ? answers[key] : undefined;
    if (before) return { ...before, isRepeated: true };
    const known = lead.email && leads.find(({ email }) => email?.toLowerCase() === lead.email?.toLowerCase());
    if (known) known.askedAgainAt.push(now.toISOString());
    const id = known ? known.id : `lead-${leads.length + 1}`;
    if (!known) leads.push({ ...lead, id, createdAt: now.toISOString(), askedAgainAt: [] });
    const taken: Taken = { id, existed: Boolean(known) };
    if (key !== undefined) answers[key] = taken;
    await this.#store();
    return { ...taken, isRepeated: false };
  }

  /** Writes the file; one write at a time. */
  #store(): Promise<void> {
    const path = this.#path;
    if (path === undefined) return Promise.resolve();
    const storing = this.#storing.catch(() => {}).then(() => writeWhole(path, JSON.stringify(this.#stored)));
    this.#storing = storing;
    return storing;
  }
}
