import type { Binding } from '../../bindings/queries.ts';
import { type BusinessHours, instantAfterOpen, instantBeforeOpen } from '../../live-chats/business-hours.ts';

type Timed = Pick<Binding, 'waitMinutes' | 'waitsInHours'>;

const msOf = ({ waitMinutes }: Timed) => (waitMinutes ?? 0) * 60_000;

/** When somebody has waited for the binding's time. Undefined: the live chat is never open for so long. */
export function waitEnd(binding: Timed, hours: BusinessHours | null, since: Date): Date | undefined {
  return instantAfterOpen(binding.waitsInHours ? hours : null, since, msOf(binding));
}

/** Who waits since then or before has waited for the binding's time. Undefined: nobody has. */
export function waitBeginning(binding: Timed, hours: BusinessHours | null, until: Date): Date | undefined {
  return instantBeforeOpen(binding.waitsInHours ? hours : null, until, msOf(binding));
}
