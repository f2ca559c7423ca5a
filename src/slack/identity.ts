import type { WebClient } from '@slack/web-api';
import { ConfigError } from '../config.ts';
import { tokenErrors } from './calls/token-watch.ts';
import { platformError } from './platform-error.ts';

/** The app's identity in its workspace (Slack: auth.test). */
export interface Identity {
  teamId: string;
  /** Id of the Enterprise Grid organisation, if there is one. */
  enterpriseId: string | undefined;
  botUserId: string;
  botId: string;
  /** `https://acme.slack.com/`, with a trailing slash. */
  workspaceUrl: string;
}

/** Reads the identity that belongs to the token. Throws {@link ConfigError} if Slack does not accept it. */
export async function fetchIdentity(client: WebClient): Promise<Identity> {
  try {
    const { team_id, enterprise_id, user_id, bot_id, url } = await client.auth.test();
    if (!team_id || !user_id || !bot_id || !url) throw new ConfigError('SLACK_BOT_TOKEN is not a bot token');
    return {
      teamId: team_id,
      enterpriseId: enterprise_id || undefined,
      botUserId: user_id,
      botId: bot_id,
      workspaceUrl: url.endsWith('/') ? url : `${url}/`,
    };
  } catch (error) {
    const reason = platformError(error);
    if (reason !== undefined && tokenErrors.has(reason)) {
      throw new ConfigError(`SLACK_BOT_TOKEN is not accepted by Slack: ${reason}`, { cause: error });
    }
    throw error;
  }
}
