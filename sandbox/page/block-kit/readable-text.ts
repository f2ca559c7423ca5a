/** Strips the markup of a text for an accessible name: removes mentions and emoji, replaces links by their labels. */
export function readableText(mrkdwn: string): string {
  return (
    mrkdwn
      .replace(/<[^>|]*\|([^>]*)>/g, '$1')
      .replace(/<[^>]*>/g, '')
      .replace(/:[a-z0-9_+-]+:/g, '')
      .replace(/[*_~`]/g, '')
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&amp;/g, '&')
      .split('\n')[0]
      ?.trim() ?? ''
  );
}
