/** The job types that Kickoff itself does, on each engine. */
export const ownJobTypes = ['live-chat:send-response', 'live-chat:send-message'] as const;
export type OwnJobType = (typeof ownJobTypes)[number];

/** The job type of Camunda's REST connector, which the embedded engine does as well. */
export const restConnectorType = 'io.camunda:http-json:1';
