import { crashes } from './crashes.ts';
import { everything } from './everything.ts';

everything('camunda');
// Only here, because Kickoff's own death is the same at both vendors.
crashes('camunda');
