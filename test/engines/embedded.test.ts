import { engineContract } from './contract.ts';
import { openEmbeddedWorld } from './embedded-world.ts';

engineContract('the embedded engine', openEmbeddedWorld);
