import type { Message } from '../../sandbox/driver/message.ts';
import type { Person } from '../../sandbox/driver/person.ts';

/** The text that *Why (not) a process?* shows for a message. */
export async function whyOf(person: Person, message: Pick<Message, 'channel' | 'ts'>): Promise<string> {
  await person.shortcut('why', message);
  const modal = await person.modalShown('Why (not) a process?');
  await modal.shows('Delivery');
  const text = modal.describe();
  await modal.closeAll();
  return text;
}
