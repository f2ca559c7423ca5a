import type { Writable } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { type DestinationStream, pino } from 'pino';

/** Standard output, as far as it matters here. */
type Output = Writable & Pick<WriteStream, 'isTTY' | 'hasColors'>;

/** Where log lines go: for people on a terminal, as JSON lines everywhere else. */
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
