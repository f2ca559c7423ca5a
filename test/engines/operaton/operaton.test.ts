import { operatonLimits } from '../../../src/engines/operaton/limits.ts';
import { engineContract } from '../contract.ts';
import { openOperatonWorld } from './operaton-world.ts';

engineContract('Operaton', () => openOperatonWorld('operaton'), { cannot: operatonLimits(false) });
engineContract('Camunda 7', () => openOperatonWorld('camunda'), { cannot: operatonLimits(true) });
