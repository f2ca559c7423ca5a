/** The tests' stand-in for ELMA365, with a delay before each answer. */
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { startElmaStandIn } from '../../test/engines/elma365/stand-in.ts';

const { PORT: port, ANSWER_MS: answerMs } = process.env;

const elma = await startElmaStandIn();
elma.fate = () => delay(Number(answerMs), 'pass');

createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(elma.environment));
}).listen(Number(port), '127.0.0.1');
process.once('SIGTERM', () => void elma.close().finally(() => process.exit(0)));
