import type { IncomingMessage, ServerResponse } from 'node:http';

/** More than any delivery of Slack has, in bytes: a view's state with all its texts is some 300 KB. */
const bodyLimit = 4 * 1024 * 1024;

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Lets nothing through to Bolt's receiver that it has no answer to: a body without end is read before its signature can
 * be checked; a method other than POST, or a body that is JSON but no object, throws where Bolt's own server would catch
 * it, and here it would end the process.
 */
export function guardRequests(listener: Listener): Listener {
  return (request, response) => {
    if (request.method !== 'POST') {
      response.writeHead(405, { allow: 'POST' }).end();
      return;
    }
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= bodyLimit) chunks.push(chunk);
      else if (!response.headersSent) response.writeHead(413, { connection: 'close' }).end();
    });
    request.on('end', () => {
      if (length > bodyLimit) return;
      const body = Buffer.concat(chunks);
      // Bolt takes a body that was read already from `rawBody`.
      if (isObject(body.toString())) listener(Object.assign(request, { rawBody: body }), response);
      else response.writeHead(400).end();
    });
  };
}

/** Whether it looks like a JSON object, a form's `payload` that is one, or another form. */
function isObject(body: string): boolean {
  const json = /^\s*[{[]/.test(body) || !body.includes('=') ? body : /(?:^|&)payload=([^&]*)/.exec(body)?.[1];
  return json === undefined || /^(?:\s|\+|%20)*(?:\{|%7b)/i.test(json);
}
