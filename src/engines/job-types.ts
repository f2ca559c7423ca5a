/** The job types that Kickoff itself handles, on every engine. */
export const ownJobTypes = ['live-chat:send-response', 'live-chat:send-message'] as const;
export type OwnJobType = (typeof ownJobTypes)[number];

/** The job type of Camunda's REST connector, which Kickoff handles on the embedded engine. */
export const restConnectorType = 'io.camunda:http-json:1';
