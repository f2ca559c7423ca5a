import { createKickoff } from '../src/kickoff.ts';
import { runKickoff } from '../src/run-kickoff.ts';

// In a checkout, the sandbox workspace replaces Slack if no token is set.
await runKickoff(async (config, logger, end) => {
  if (config.slack) return createKickoff({ config, logger });
  const { startInSandbox } = await import('./start-in-sandbox.ts');
  return startInSandbox(config, logger, (err) => {
    logger.fatal({ err }, 'the sandbox workspace did not come back');
    end('reset', 1);
  });
});
