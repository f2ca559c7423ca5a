import { camunda8Limits } from '../../../../src/engines/camunda8/limits.ts';
import { engineContract } from '../../contract.ts';
import { openCamunda8World } from '../camunda8-world.ts';

// The scenarios are in their own files, which run in parallel.
engineContract('Camunda 8', () => openCamunda8World(), { cannot: camunda8Limits, hasScenarios: false });
