import type { Binding } from '../../bindings/queries.ts';
import { type BusinessHours, instantAfterOpen, instantBeforeOpen } from '../../live-chats/business-hours.ts';

type Timed = Pick<Binding, 'waitMinutes' | 'waitsInHours'>;

const msOf = ({ waitMinutes }: Timed) => (waitMinutes ?? 0) * 60_000;

/** When the binding's waiting time is over; undefined if the live chat is never open that long. */
export function waitEnd(binding: Timed, hours: BusinessHours | null, since: Date): Date | undefined {
  return instantAfterOpen(binding.waitsInHours ? hours : null, since, msOf(binding));
}

/** The latest beginning of a wait whose time is over at `until`; undefined if there is none. */
export function waitBeginning(binding: Timed, hours: BusinessHours | null, until: Date): Date | undefined {
  return instantBeforeOpen(binding.waitsInHours ? hours : null, until, msOf(binding));
}
