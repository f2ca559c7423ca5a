import type { Writable } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { type DestinationStream, pino } from 'pino';

/** The properties of standard output that are needed. */
type Output = Writable & Pick<WriteStream, 'isTTY' | 'hasColors'>;

/** The destination of log lines: readable text on a terminal, JSON lines everywhere else. */
export async function openLogDestination(output: Output): Promise<DestinationStream> {
  if (!output.isTTY) return pino.destination(1);
  const { default: pretty } = await import('pino-pretty');
  return pretty({
    destination: output,
    colorize: output.hasColors(),
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'pid,hostname',
    singleLine: true,
  });
}
