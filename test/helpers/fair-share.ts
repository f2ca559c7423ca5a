import { setPriority } from 'node:os';

// Kickoff draws pictures in processes of this priority. While tests take all of the processors, those of a higher one would
// keep a picture, and whoever waits for it, waiting for half a minute.
setPriority(10);
