/** A text without its markup, for a name that is read aloud: mentions and emoji left out, links by their label. */
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
