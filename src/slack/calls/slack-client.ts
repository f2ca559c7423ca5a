import { type WebAPICallResult, WebClient, type WebClientOptions } from '@slack/web-api';
import { z } from 'zod';
import { askedPause } from '../../db/away.ts';
import { MissingScopeError } from '../../errors.ts';
import type { Metrics, SlackCallOutcome } from '../../metrics/metrics.ts';
import { storable } from '../../storable.ts';
import { traced } from '../../tracing.ts';
import { platformError } from '../platform-error.ts';
import type { CallPace, CallRank } from './call-pace.ts';
import { callError } from './lost-answer.ts';
import type { TokenWatch } from './token-watch.ts';

export interface SlackClientOptions {
  pace: CallPace;
  token: TokenWatch;
  rank: CallRank;
  /** Called when Slack refuses a method because the app lacks a scope. */
  onMissingScope(method: string, scope: string): void;
  /** How long a call waits for its turn, in milliseconds, before it fails with NotYetError. */
  patienceMs(method: string): number;
  web: WebClientOptions;
  metrics: Pick<Metrics, 'slackCall'>;
}

/**
 * A Web API client that paces its calls, makes the text in answers storable, and posts each message with a single request: a
 * retry after a lost answer could post it twice.
 */
export class SlackClient extends WebClient {
  readonly #options: SlackClientOptions;
  readonly #posting: WebClient;

  constructor(token: string, options: SlackClientOptions) {
    const web = { ...options.web, rejectRateLimitedCalls: true };
    super(token, web);
    this.#options = options;
    this.#posting = new WebClient(token, { ...web, retryConfig: { retries: 0 } });
  }

  override async apiCall(method: string, options: Record<string, unknown> = {}): Promise<WebAPICallResult> {
    const { pace, token, rank, patienceMs } = this.#options;
    const call = { method, channel: typeof options.channel === 'string' ? options.channel : undefined };
    for (;;) {
      token.requireToken();
      await pace.turn(call, rank, patienceMs(method));
      try {
        return storable(
          await traced(`Slack ${method}`, { kind: 'CLIENT', isPart: true }, () => this.#send(method, options)),
        );
      } catch (error) {
        // The caller of auth.test is told what is wrong with the token.
        if (method === 'auth.test') throw error;
        const scope = missingScope(error);
        if (scope !== undefined) {
          this.#options.onMissingScope(method, scope);
          throw new MissingScopeError(scope, { cause: error });
        }
        token.note(error);
        token.requireToken();
        const pauseMs = askedPause(error);
        if (pauseMs === undefined) throw error;
        pace.pause(call, pauseMs);
      }
    }
  }

  async #send(method: string, options: Record<string, unknown>): Promise<WebAPICallResult> {
    const { metrics } = this.#options;
    const sinceMs = performance.now();
    try {
      const answer = await (method === 'chat.postMessage'
        ? this.#posting.apiCall(method, options)
        : super.apiCall(method, options));
      metrics.slackCall(method, 'ok', sinceMs);
      return answer;
    } catch (error) {
      const told = callError(error);
      metrics.slackCall(method, outcomeOf(told), sinceMs);
      throw told;
    }
  }
}

function outcomeOf(error: unknown): SlackCallOutcome {
  if (askedPause(error) !== undefined) return 'rate_limited';
  return platformError(error) === undefined ? 'unreachable' : 'refused';
}

const missingScopeSchema = z.object({ data: z.object({ error: z.literal('missing_scope'), needed: z.string() }) });

/** The missing scope, if that is why Slack refused the call. */
function missingScope(error: unknown): string | undefined {
  return missingScopeSchema.safeParse(error).data?.data.needed;
}
