import { catchEvent, end, flow, job, messageDefinition, process, start } from '../engines/diagram-builder.ts';
import { writeFolder } from '../engines/embedded-world.ts';

const field = (key: string, label: string) => ({ type: 'textfield', id: `Field_${key}`, key, label });

function form(id: string, keys: Record<string, string>): string {
  const components = Object.entries(keys).map(([key, label]) => field(key, label));
  return JSON.stringify({ type: 'default', id, schemaVersion: 18, components });
}

/** Posts to the CRM. The job's key is sent as `Idempotency-Key`, so that instances can be told apart. */
const post = (id: string, path: string, body: string) =>
  job(id, {
    type: 'io.camunda:http-json:1',
    retries: '5',
    headers: { retryBackoff: 'PT0.2S' },
    inputs: {
      method: 'POST',
      url: `{{secrets.CRM_URL}}${path}`,
      body,
      connectionTimeoutInSeconds: '=20',
      readTimeoutInSeconds: '=20',
    },
  });

/**
 * Small processes, one for each event, that post their start variables to the CRM: **Post message** to `/messages`, **Post
 * channel** to `/channels`, **Post closing** to `/closings`. **Answer message** first answers the client. **Hear messages**
 * waits for one message after the other and posts each to `/heard`.
 */
export function writePostingProcesses(): Promise<string> {
  return writeFolder({
    'message.form': form('message', { messageText: 'Text', clientName: 'Name' }),
    'channel.form': form('channel', { sessionName: 'Channel' }),
    'post-message.bpmn': process(
      [
        start('start', { form: 'message' }),
        post('post', '/messages', '={text: messageText, client: clientName}'),
        end(),
        flow('start -> post -> end'),
      ],
      { id: 'post-message', name: 'Post message' },
    ),
    'post-channel.bpmn': process(
      [
        start('start', { form: 'channel' }),
        post('post', '/channels', '={channel: sessionName}'),
        end(),
        flow('start -> post -> end'),
      ],
      { id: 'post-channel', name: 'Post channel' },
    ),
    'post-closing.bpmn': process(
      [
        start('start', { form: 'channel' }),
        post('post', '/closings', '={channel: sessionName}'),
        end(),
        flow('start -> post -> end'),
      ],
      { id: 'post-closing', name: 'Post closing' },
    ),
    'answer-message.bpmn': process(
      [
        start('start', { form: 'message' }),
        job('answer', { type: 'live-chat:send-response', inputs: { text: '="We got: " + messageText' } }),
        post('post', '/messages', '={text: messageText, client: clientName}'),
        end(),
        flow('start -> answer -> post -> end'),
      ],
      { id: 'answer-message', name: 'Answer message' },
    ),
    'hear-messages.bpmn': process(
      [
        start(),
        catchEvent('hear', messageDefinition('live-chat:message-received', '=sessionId')),
        post('post', '/heard', '={text: messageText}'),
        flow('start -> hear -> post -> hear'),
      ],
      { id: 'hear-messages', name: 'Hear messages' },
    ),
  });
}
