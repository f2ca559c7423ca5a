import type { Db } from '../../db/client.ts';
import { gather } from '../../db/gather.ts';
import {
  type Claim,
  claimRequests,
  nameOf,
  type RequestClaim,
  type RequestId,
  type Settlement,
  settleRequests,
} from './requests.ts';

/** Claims and settles requests; requests that come at about the same time share one statement. */
export interface Requests {
  /** See {@link claimRequests}. */
  claim(claim: Claim): Promise<RequestClaim>;
  /** See {@link settleRequests}. */
  settle(id: RequestId, result: string): Promise<void>;
}

/** Maximum number of requests per statement. */
const atMost = 50;

export function gatherRequests(db: Db): Requests {
  const keyOf = ({ id }: { id: RequestId }) => nameOf(id);
  const claim = gather<Claim, RequestClaim>({ work: (claims) => claimRequests(db, claims), atMost, keyOf });
  const settle = gather<Settlement, void>({
    async work(settlements) {
      await settleRequests(db, settlements);
      return settlements.map(() => undefined);
    },
    atMost,
    keyOf,
  });
  return { claim, settle: (id, result) => settle({ id, result }) };
}
