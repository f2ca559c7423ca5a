// Kickoff, which waits for an unanswered call to Operaton for seconds instead of a minute. Plain Node runs this file, so it uses
// what is built (`npm run build`).
import { operatonTimings } from '../../dist/modules/src/engines/operaton/context.js';

Object.assign(operatonTimings, { callMs: 10_000, doubtMs: 10_000 });
await import('../../dist/modules/src/main.js');
