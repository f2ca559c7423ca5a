import type { Binding } from '../../bindings/queries.ts';
import { longestWait, shortestWait } from '../../bindings/wait.ts';
import { type Message, message } from '../../words/message.ts';

export const waitUnits = ['minutes', 'hours', 'days'] as const;
export type WaitUnit = (typeof waitUnits)[number];

/** The current input of the waiting-time fields, valid or not. */
export interface WaitDraft {
  /** As typed. */
  amount: string;
  unit: WaitUnit;
  /** Whether only time within business hours counts. */
  inHours: boolean;
}

export const waitBlocks = { amount: 'terms_wait', unit: 'terms_wait_unit', inHours: 'terms_wait_in_hours' } as const;

const minutesIn: Record<WaitUnit, number> = { minutes: 1, hours: 60, days: 24 * 60 };

/** The largest unit in which the time is a whole number: `90` minutes, `3` hours. */
export function waitAmount(minutes: number): { count: number; unit: WaitUnit } {
  const unit = waitUnits.findLast((one) => minutes % minutesIn[one] === 0) ?? 'minutes';
  return { count: minutes / minutesIn[unit], unit };
}

/** Undefined if the binding's event does not depend on time. */
export function waitDraftOf({ waitMinutes, waitsInHours }: Binding): WaitDraft | undefined {
  if (waitMinutes === null) return undefined;
  const { count, unit } = waitAmount(waitMinutes);
  return { amount: String(count), unit, inHours: waitsInHours };
}

/** The entered time in minutes, or the mistake; null if the binding's event does not depend on time. */
export function readWait(draft: WaitDraft | undefined): { waitMinutes: number | null; mistake?: Message } {
  if (!draft) return { waitMinutes: null };
  const waitMinutes = /^\d+$/.test(draft.amount.trim()) ? Number(draft.amount) * minutesIn[draft.unit] : 0;
  const isRight = waitMinutes >= shortestWait && waitMinutes <= longestWait;
  return isRight ? { waitMinutes } : { waitMinutes: shortestWait, mistake: message('terms.badWait') };
}
