import { setPriority } from 'node:os';

// Kickoff draws pictures in processes of this priority. With a higher priority, tests that use all processors would delay a
// picture by half a minute.
setPriority(10);
