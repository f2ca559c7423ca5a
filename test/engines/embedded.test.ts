import { engineContract } from './contract.ts';
import { openEmbeddedWorld } from './embedded-world.ts';

// Its scenarios are in embedded-scenarios.test.ts.
engineContract('the embedded engine', openEmbeddedWorld, { hasScenarios: false });
