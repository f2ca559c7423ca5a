#!/usr/bin/env node
import { createKickoff } from './kickoff.ts';
import { runKickoff } from './run-kickoff.ts';

await runKickoff((config, logger) => createKickoff({ config, logger }));
