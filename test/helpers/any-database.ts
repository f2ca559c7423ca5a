/**
 * Tests that come out the same on any database, so they run on the embedded one alone. They are about calls to Slack, rights,
 * views, texts, pictures, files of processes, or engines elsewhere. A file belongs here only if
 * - it tests nothing that a database decides: queues, leases, concurrency, replicas, crashes, retention, migrations, how
 *   sessions open and close;
 * - it is told in no particular delivery mode, since that differs between the databases;
 * - other files run its handwritten SQL on Postgres.
 *
 * `engine-indexes` looks at plans, which both get from Postgres's planner, of scenarios that `embedded` runs on both.
 */
export const anyDatabase = [
  'test/e2e/answer-as-operator.test.ts',
  'test/e2e/broken-files.test.ts',
  'test/e2e/client-files.test.ts',
  'test/e2e/foreign-workspace.test.ts',
  'test/e2e/hidden-outsiders.test.ts',
  'test/e2e/languages.test.ts',
  'test/e2e/list-in-form.test.ts',
  'test/e2e/log-lines.test.ts',
  'test/e2e/mended-start.test.ts',
  'test/e2e/message-content.test.ts',
  'test/e2e/messages-table.test.ts',
  'test/e2e/real-payloads.test.ts',
  'test/e2e/unknown-assignee.test.ts',
  'test/engines/camunda8/main-job.test.ts',
  'test/engines/check-folder.test.ts',
  'test/engines/code-version.test.ts',
  'test/engines/elma365/main-job.test.ts',
  'test/engines/engine-indexes.test.ts',
  'test/engines/folder-watch.test.ts',
  'test/engines/load-processes.test.ts',
  'test/engines/named-people.test.ts',
  'test/engines/refused-diagrams.test.ts',
  'test/engines/remote/web-links.test.ts',
  'test/engines/reserved-variables.test.ts',
  'test/engines/waiting-joins.test.ts',
  'test/slack/activity/burst.test.ts',
  'test/slack/activity/lost-answers.test.ts',
  'test/slack/activity/steps.test.ts',
  'test/slack/calls/limits.test.ts',
  'test/slack/foreign-requests.test.ts',
  'test/slack/forms/forms.test.ts',
  'test/slack/forms/lists.test.ts',
  'test/slack/job-handlers/job-handlers.test.ts',
  'test/slack/live-chat-config/bind-process.test.ts',
  'test/slack/live-chat-config/business-hours.test.ts',
  'test/slack/live-chat-config/permission.test.ts',
  'test/slack/live-chat-config/slow-save.test.ts',
  'test/slack/live-chat-config/when-it-starts.test.ts',
  'test/slack/missing-scope.test.ts',
  'test/slack/open-modal.test.ts',
  'test/slack/pictures/pictures.test.ts',
  'test/slack/process-library/process-library.test.ts',
  'test/slack/rights/rights.test.ts',
  'test/slack/session-card/mend-start.test.ts',
  'test/slack/start-process/large-catalogue.test.ts',
  'test/slack/start-process/start-process.test.ts',
];
