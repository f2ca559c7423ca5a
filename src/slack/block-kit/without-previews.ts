/** Options of every message of the app: Slack shows no previews of linked pages. */
export const withoutPreviews = { unfurl_links: false, unfurl_media: false } as const;
