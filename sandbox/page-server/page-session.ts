import type { Core } from '../core.ts';
import type { Choice } from '../driver/choices.ts';
import type { Person } from '../driver/person.ts';
import type { Checklist } from './checklist.ts';
import type { Uploads } from './uploads.ts';

/** What the requests of one page work on. */
export interface PageSession {
  readonly core: Core;
  readonly checklist: Checklist;
  readonly uploads: Uploads;
  /** Who acts. Throws before the page has said so. */
  readonly person: Person;
  /** From now on this person acts. */
  actAs(userId: string): void;
  /** Follows what changes in this conversation from now on, instead of in the one before. */
  follow(conversation: string | null): void;
  watchTraffic(on: boolean): void;
  /** What the app suggested to this page for an external select, by value. */
  suggestionsOf(key: string): Map<string, Choice>;
  /** What the page holds for this surface is the same as here: no need to tell it. */
  knows(push: 'modals' | 'home'): void;
  /** Begins the workspace anew; throws where that is not possible. */
  reset(): Promise<void>;
}
