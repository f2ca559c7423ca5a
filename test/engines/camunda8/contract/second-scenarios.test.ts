import { camunda8Limits } from '../../../../src/engines/camunda8/limits.ts';
import { scenariosContract } from '../../scenarios/contract.ts';
import { openCamunda8World } from '../camunda8-world.ts';

scenariosContract(() => openCamunda8World(), camunda8Limits, { half: 1 });
