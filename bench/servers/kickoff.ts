/** Kickoff in a workspace without Slack's rate limits, to measure its own limits. */
import { createKickoff } from '../../src/kickoff.ts';
import { runKickoff } from '../../src/run-kickoff.ts';

await runKickoff((config, logger) => createKickoff({ config, logger, timings: { calls: { minuteMs: 0 } } }));
