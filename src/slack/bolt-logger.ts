import { type Logger as BoltLogger, LogLevel } from '@slack/bolt';
import type { Logger } from '../logger.ts';

const boltLevels: Record<string, LogLevel> = {
  trace: LogLevel.DEBUG,
  debug: LogLevel.DEBUG,
  info: LogLevel.INFO,
  warn: LogLevel.WARN,
};

/** Adapts pino to Bolt's logger interface. Bolt's debug lines hold whole payloads, so they are never written. */
export function boltLogger(logger: Logger): BoltLogger {
  const write = (level: 'info' | 'warn' | 'error') => {
    return (...parts: unknown[]) => {
      const err = parts.find((part) => part instanceof Error);
      const text = parts.filter((part) => !(part instanceof Error)).map(String);
      logger[level]({ ...(err ? { err } : {}) }, text.join(' '));
    };
  };
  return {
    debug: () => {},
    // Bolt logs at info level when its connections open and close.
    info: (...parts) => logger.debug(parts.map(String).join(' ')),
    warn: write('warn'),
    error: write('error'),
    setLevel: () => {},
    getLevel: () => boltLevels[logger.level] ?? LogLevel.ERROR,
    setName: () => {},
  };
}
