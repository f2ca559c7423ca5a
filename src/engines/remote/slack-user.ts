/** Matches the id of a Slack user. */
export const slackUser = /^[UW][A-Z0-9]{2,}$/;
