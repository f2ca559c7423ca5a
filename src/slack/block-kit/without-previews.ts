/** For every message of the app: Slack fetches nothing that a text links to, and shows no preview of it. */
export const withoutPreviews = { unfurl_links: false, unfurl_media: false } as const;
