import { message } from '../../words/message.ts';
import { isUnsent, NoAnswerError, networkReason } from './answers.ts';

export interface HttpRequest {
  method: string;
  headers: Record<string, string>;
  body?: string | undefined;
  timeoutMs: number;
}

export interface HttpAnswer {
  status: number;
  ok: boolean;
  headers: Headers;
  text: string;
}

/** Sends one request to an engine's API and reads the whole answer, with any status. Throws {@link NoAnswerError}. */
export async function sendRequest(engineName: string, url: URL, request: HttpRequest): Promise<HttpAnswer> {
  const { method, headers, body, timeoutMs } = request;
  try {
    const response = await fetch(url, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { status: response.status, ok: response.ok, headers: response.headers, text: await response.text() };
  } catch (cause) {
    const said = message('engine.isAway', { engine: engineName, reason: networkReason(cause) });
    throw new NoAnswerError(said, !isUnsent(cause), cause);
  }
}
