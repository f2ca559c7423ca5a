// Kickoff whose leases end soon after it was killed, and which soon stops waiting for Operaton to process a call that was not
// answered, so that tests are faster. `npm run build` bundles it into dist/test.
import { createKickoff } from '../../src/kickoff.ts';
import { runKickoff } from '../../src/run-kickoff.ts';
import { changeTimings, usualTimings } from '../../src/timings.ts';

const leaseMs = 3000;
const timings = changeTimings(usualTimings, {
  opening: { firstPauseMs: 200 },
  deliveries: { leaseMs },
  membership: { joinLeaseMs: leaseMs },
  starts: { leaseMs },
  conversations: { leaseMs },
  embeddedEngine: { leaseMs },
  operaton: { callMs: 3000, doubtMs: 3000 },
});

await runKickoff((config, logger) => createKickoff({ config, logger, timings }));
