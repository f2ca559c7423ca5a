/** Slack's ids of people. */
export const slackUser = /^[UW][A-Z0-9]{2,}$/;
