/** Kickoff in a workspace that takes as many calls as come: without Slack's limits, what it can do itself shows. */
import { createKickoff } from '../../src/kickoff.ts';
import { runKickoff } from '../../src/run-kickoff.ts';

await runKickoff((config, logger) => createKickoff({ config, logger, timings: { calls: { minuteMs: 0 } } }));
