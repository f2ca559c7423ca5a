import { operatonLimits } from '../../../src/engines/operaton/limits.ts';
import { engineContract } from '../contract.ts';
import { exactlyOnce } from './exactly-once.ts';
import { mainJob } from './main-job.ts';
import { openOperatonWorld } from './operaton-world.ts';
import { outage } from './outage.ts';
import { processFaults } from './process-faults.ts';
import type { Vendor } from './start-server.ts';

const names = { operaton: 'Operaton', camunda: 'Camunda 7' } satisfies Record<Vendor, string>;

/**
 * The tests of a vendor, for one file, whose tests run one after the other: they share the vendor's server, whose clock the
 * contract moves.
 */
export function everything(vendor: Vendor): void {
  const cannot = operatonLimits(vendor === 'camunda');
  engineContract(names[vendor], () => openOperatonWorld(vendor), { cannot });
  exactlyOnce(vendor);
  mainJob(vendor);
  processFaults(vendor);
  outage(vendor);
}
