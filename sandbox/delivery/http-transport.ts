import { createHmac } from 'node:crypto';
import type { JsonObject } from '../json.ts';
import type { RequestUrls } from '../manifest.ts';
import type { DeliveryKind } from '../traffic.ts';
import type { AttemptOutcome, Transport } from './transport.ts';

/** Computes Slack's `v0` signature of a request body. */
export function signature(secret: string, timestamp: string, body: string): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}

function formOf(body: JsonObject): string {
  const fields = Object.entries(body).map(([key, value]): [string, string] => [
    key,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return new URLSearchParams(fields).toString();
}

/** The body as Slack writes it: events as JSON, commands as a form, everything else as a form's `payload`. */
export function encodeDelivery(kind: DeliveryKind, body: JsonObject): { contentType: string; text: string } {
  if (kind === 'event') return { contentType: 'application/json', text: JSON.stringify(body) };
  const text = kind === 'command' ? formOf(body) : formOf({ payload: JSON.stringify(body) });
  return { contentType: 'application/x-www-form-urlencoded', text };
}

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The URL for a delivery; undefined if the app's settings have none. */
function urlFor(urls: RequestUrls, kind: DeliveryKind, body: JsonObject): string | undefined {
  if (kind === 'event') return urls.events;
  if (kind === 'command') {
    const command = String(body.command);
    return Object.hasOwn(urls.commands, command) ? urls.commands[command] : undefined;
  }
  return kind === 'options' ? urls.options : urls.interactivity;
}

/** Sends signed HTTP requests to the app's URLs. Several sets of URLs take turns, like replicas behind one host name. */
export function createHttpTransport(options: {
  requestUrls: [RequestUrls, ...RequestUrls[]];
  signingSecret: string;
  now: () => number;
}): Transport {
  const running = new Set<AbortController>();
  let turn = 0;
  return {
    mode: 'http',
    async send(kind, body, { retry, timeoutMs }): Promise<AttemptOutcome> {
      const urls = options.requestUrls[turn % options.requestUrls.length] ?? options.requestUrls[0];
      turn += 1;
      const requestUrl = urlFor(urls, kind, body);
      if (requestUrl === undefined) return { acknowledged: false, reason: 'no_request_url' };
      const { contentType, text } = encodeDelivery(kind, body);
      const timestamp = String(Math.floor(options.now() / 1000));
      const headers: Record<string, string> = {
        'content-type': contentType,
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': signature(options.signingSecret, timestamp, text),
      };
      if (retry) {
        headers['x-slack-retry-num'] = String(retry.num);
        headers['x-slack-retry-reason'] = retry.reason;
      }
      // Not AbortSignal.any with .timeout: in Node 20 both can be garbage-collected, and then the request never times out.
      const controller = new AbortController();
      let timedOut = false;
      const timer = setTimeout(() => {
        timedOut = true;
        controller.abort();
      }, timeoutMs);
      running.add(controller);
      try {
        const response = await fetch(requestUrl, {
          method: 'POST',
          headers,
          body: text,
          redirect: 'manual',
          signal: controller.signal,
        });
        const answer = parsed(await response.text());
        const noRetry = response.headers.get('x-slack-no-retry') === '1';
        if (response.ok) return { acknowledged: true, status: response.status, answer };
        return { acknowledged: false, status: response.status, answer, reason: 'http_error', noRetry };
      } catch {
        return { acknowledged: false, reason: timedOut ? 'http_timeout' : 'connection_failed' };
      } finally {
        clearTimeout(timer);
        running.delete(controller);
      }
    },
    close() {
      for (const controller of running) controller.abort();
    },
  };
}
