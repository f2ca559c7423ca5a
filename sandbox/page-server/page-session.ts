import type { Core } from '../core.ts';
import type { Choice } from '../driver/choices.ts';
import type { Person } from '../driver/person.ts';
import type { Checklist } from './checklist.ts';
import type { Uploads } from './uploads.ts';

/** The context of the requests of one page. */
export interface PageSession {
  readonly core: Core;
  readonly checklist: Checklist;
  readonly uploads: Uploads;
  /** The acting person. Throws before the page sent `act_as`. */
  readonly person: Person;
  /** Sets the acting person. */
  actAs(userId: string): void;
  /** Follows changes in this conversation, and no longer in the previous one. */
  follow(conversation: string | null): void;
  watchTraffic(on: boolean): void;
  /** The app's suggestions to this page for an external select, by value. */
  suggestionsOf(key: string): Map<string, Choice>;
  /** Marks this surface as already up to date in the page, so that it is not pushed. */
  knows(push: 'modals' | 'home'): void;
  /** Resets the workspace; throws if that is not possible. */
  reset(): Promise<void>;
}
