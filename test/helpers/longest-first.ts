import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Projects of one group begin in this order. `unit` is last: its files wait for nothing, and so use both processors to the end. */
const projects = ['database', 'any-database', 'unit'];

/**
 * Files that take ten seconds and more, on one of the databases. Begun last, they would keep one worker busy while the others
 * have nothing to do. Those that wait most take turns with those that compute most, so that both processors have work.
 */
const longest = [
  'test/e2e/outages.test.ts',
  'test/e2e/sandbox-kept.test.ts',
  'test/engines/embedded-chaos.test.ts',
  'test/e2e/crashes.test.ts',
  'test/e2e/end-of-process.test.ts',
  'test/e2e/replicas.test.ts',
  'test/slack/calls/limits.test.ts',
  'test/e2e/random-crashes.test.ts',
  'test/package/packed.test.ts',
  'test/slack/live-chat-config/adopt-channels.test.ts',
  'test/slack/rights/rights.test.ts',
  'test/e2e/conversation-crashes.test.ts',
  'test/slack/start-process/faults.test.ts',
  'test/engines/embedded-scenarios.test.ts',
  'test/db/lost-connections.test.ts',
  'test/slack/activity/lost-answers.test.ts',
  'test/fuzz/fuzz.test.ts',
  'test/engines/embedded-poison.test.ts',
  'test/slack/activity/activity.test.ts',
  'test/engines/camunda8/main-job.test.ts',
  'test/slack/home/home.test.ts',
  'test/e2e/upgrade.test.ts',
  'test/engines/embedded.test.ts',
  'test/slack/pictures/pictures.test.ts',
  'test/engines/long-lists.test.ts',
  'test/e2e/conversation-in-process.test.ts',
  'test/e2e/automatic-start.test.ts',
  'test/slack/foreign-requests.test.ts',
  'test/e2e/hostile-process.test.ts',
  'test/slack/activity/burst.test.ts',
  'test/e2e/restore.test.ts',
  'test/slack/live-chat-config/permission.test.ts',
  'test/e2e/home.test.ts',
  'test/retention/erase-client.test.ts',
  'test/slack/process-library/process-library.test.ts',
  'test/e2e/removed-from-channel.test.ts',
  'test/engines/process-library.test.ts',
  'test/engines/elma365/main-job.test.ts',
  'test/diagrams/draw-diagram.test.ts',
  'test/e2e/first-minute.test.ts',
  'test/browser/starting-processes.test.ts',
  'test/browser/process-life.test.ts',
  'test/browser/process-life-screenshots.test.ts',
  'test/browser/channels-and-faults.test.ts',
  'test/browser/screenshots.test.ts',
  'test/browser/administration.test.ts',
  'test/browser/keyboard-and-accessibility.test.ts',
];

/** The order of the test files. Vitest's own knows how long they took only where they ran before. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const gone = longest.filter((file) => !existsSync(file));
    if (gone.length > 0) throw new Error(`no such files: ${gone.join(', ')} (test/helpers/longest-first.ts)`);
    const rank = ({ project, moduleId }: TestSpecification) => {
      const place = longest.indexOf(relative(this.ctx.config.root, moduleId));
      return [
        project.config.sequence.groupOrder,
        projects.indexOf(project.name),
        place === -1 ? longest.length : place,
      ];
    };
    const compare = (a: number[], b: number[]) =>
      a.map((one, i) => one - (b[i] ?? 0)).find((order) => order !== 0) ?? 0;
    return (await super.sort(files)).sort((a, b) => compare(rank(a), rank(b)));
  }
}
