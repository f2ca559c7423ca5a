#!/usr/bin/env node
import { startKickoff } from './kickoff.ts';
import { runKickoff } from './run-kickoff.ts';

await runKickoff((config, logger) => startKickoff(config, logger));
