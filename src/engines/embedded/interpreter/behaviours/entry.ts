import type { Variables } from '../../../../processes/value-types.ts';
import type { Surroundings } from '../expression.ts';
import type { Behaviour, ElementModel } from '../model.ts';
import type { Run } from '../run.ts';

/** A token has come to an element, its input mappings are applied: the element begins its work. */
export interface Entry<Kind extends Behaviour['kind']> {
  run: Run;
  /** The token's. */
  key: number;
  /** The scope that the token is in; the process itself is in none. */
  scope: number | undefined;
  element: ElementModel;
  behaviour: Extract<Behaviour, { kind: Kind }>;
  surroundings: Surroundings;
  /** Variables of the event that led here. */
  variables: Variables | undefined;
}

/**
 * Handles a token that enters an element: it leaves at once, or opens what it waits for.
 *
 * @throws FeelEvaluationError which becomes an incident of the token; nothing has been opened then
 */
export type Enter<Kind extends Behaviour['kind']> = (entry: Entry<Kind>) => void;
