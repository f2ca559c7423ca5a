import type { Variables } from '../../../../processes/value-types.ts';
import type { Surroundings } from '../expression.ts';
import type { Behaviour, ElementModel } from '../model.ts';
import type { Run } from '../run.ts';

/** A token that entered an element, after its input mappings: the element begins its work. */
export interface Entry<Kind extends Behaviour['kind']> {
  run: Run;
  /** Key of the token. */
  key: number;
  /** Key of the scope that contains the token; undefined for the process itself. */
  scope: number | undefined;
  element: ElementModel;
  behaviour: Extract<Behaviour, { kind: Kind }>;
  surroundings: Surroundings;
  /** Variables of the event that led here. */
  variables: Variables | undefined;
}

/**
 * Handles a token that enters an element: the token leaves at once, or opens what it waits for.
 *
 * @throws FeelEvaluationError which becomes an incident of the token; nothing was opened then
 */
export type Enter<Kind extends Behaviour['kind']> = (entry: Entry<Kind>) => void;
