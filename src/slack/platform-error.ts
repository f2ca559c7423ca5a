import { ErrorCode } from '@slack/web-api';

/** Slack's error code, if the error is an answer with one. */
export function platformError(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== ErrorCode.PlatformError) return undefined;
  const { data } = error as Error & { data?: { error?: string } };
  return data?.error;
}
