import type { Sql } from 'postgres';
import { messageDeliveries } from './deliveries.ts';
import { sendLoad } from './load.ts';
import { until } from './settled.ts';
import type { World } from './world.ts';

/**
 * Makes a client write in a conversation, which starts a process, and waits until somebody was notified of its task.
 *
 * @returns the channel and timestamp of the message
 */
export async function startOnce(
  { workspace, slack }: World,
  watch: Sql,
  port: number,
): Promise<{ channel: string; ts: string }> {
  const [channel = ''] = workspace.clientChannels;
  const { ts } = await slack({ do: 'write', userId: workspace.client, channel, text: 'Where is my order?' });
  const message = { channels: [channel], userId: workspace.client, userTeamId: workspace.clientTeamId, ts };
  await sendLoad({ port, requests: messageDeliveries(workspace, message, 1) });
  await until(async () => (await watch`select 1 from task_messages where ts is not null`).length > 0);
  return { channel, ts };
}
