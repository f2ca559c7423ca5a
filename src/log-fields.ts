/** Maximum number of characters of one text in a log line. */
const longestText = 300;
/** Maximum number of characters of all texts in a line. */
const longestLine = 3000;
/** Maximum number of entries of a list or an object, and maximum nesting. */
const mostEntries = 20;
const deepest = 4;

/** Fields that hold secrets or personal data; never logged at any level. */
const hidden = new Set(
  [
    ...['token', 'botToken', 'appToken', 'signingSecret', 'secret', 'secrets', 'password', 'authorization', 'cookie'],
    ...['headers', 'body', 'rawBody', 'payload', 'params', 'query'],
    ...['text', 'blocks', 'files', 'variables', 'values', 'state', 'private_metadata'],
    ...['email', 'phone', 'profile'],
  ].map((name) => name.toLowerCase()),
);
const censored = '…';

/** Errors whose messages quote people's own data: shown in Slack, not logged. */
const quoting = new Set([
  'BpmnError',
  'FeelAssertionError',
  'FeelEvaluationError',
  'InterpretationError',
  'JobError',
  'PermanentJobError',
  'UserTaskAssignedError',
]);

/**
 * Sanitises the fields of a log line: limited in size, without secrets and personal data, and errors without quotations. All
 * fields go through here, so that no call can forget it.
 */
export function loggedFields(fields: object): Record<string, unknown> {
  return loggedValue(fields, { left: longestLine }, 0) as Record<string, unknown>;
}

/** Sanitises a text for a log line. */
export function loggedText(text: string): string {
  // A token or address that is cut in two would not be recognised.
  const beginning = text.length > 2 * longestText ? text.slice(0, 2 * longestText).replace(/\S*$/, '') : text;
  const told = beginning
    .replaceAll(/\bx(?:ox[a-z]|app)-[\w-]+/g, censored)
    .replaceAll(/\bBearer\s+\S+/gi, `Bearer ${censored}`)
    .replaceAll(/(?<=:\/\/)[^\s/@]+(?=@)/g, censored)
    .replaceAll(/[^\s@<>"'“”(),:;|=/]+@[^\s@<>"'“”(),:;|=/]+\.[^\s@<>"'“”(),:;|=/]+/g, censored);
  return told.length < text.length && told.length >= longestText ? `${told.slice(0, longestText)}${censored}` : told;
}

interface Room {
  left: number;
}

function loggedValue(value: unknown, room: Room, depth: number): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'string') {
    const text = loggedText(value).slice(0, Math.max(room.left, 0));
    room.left -= text.length;
    return text;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return value;
  if (value instanceof Error) return loggedError(value, room);
  if (depth === deepest || room.left <= 0) return censored;
  if (Array.isArray(value)) return value.slice(0, mostEntries).map((item) => loggedValue(item, room, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, mostEntries)
      .map(([name, member]) => [
        name.slice(0, 50),
        hidden.has(name.toLowerCase()) && member !== undefined ? censored : loggedValue(member, room, depth + 1),
      ]),
  );
}

/** An error with its causes, each with message and code, and the stack of the innermost one. */
function loggedError(error: Error, room: Room): object {
  const causes: Error[] = [];
  for (let cause: unknown = error; cause instanceof Error && causes.length < 5; cause = cause.cause) causes.push(cause);
  const stack = (causes.at(-1)?.stack ?? '')
    .split('\n    at ')
    .slice(1, 8)
    .map((line) => line.slice(0, 200))
    .join(' < ');
  return {
    type: loggedValue(error.name, room, 0),
    message: loggedValue(causes.map(loggedMessage).filter(Boolean).join(': '), room, 0),
    ...('code' in error ? { code: loggedValue(error.code, room, deepest) } : {}),
    stack,
  };
}

function loggedMessage(error: Error): string {
  // For a text of Kickoff's, its key: its placeholders hold what people wrote.
  if ('said' in error) return (error.said as { key: string }).key;
  if ('logged' in error) return String(error.logged);
  if (quoting.has(error.name)) return error.name;
  if (error instanceof SyntaxError) return 'not readable';
  const message = error.message.split('\nparams:')[0] ?? '';
  // Postgres quotes values in its data exceptions (SQLSTATE class 22).
  const isAboutData = 'code' in error && /^22\w{3}$/.test(String(error.code));
  return isAboutData ? message.replaceAll(/"[\s\S]*"/g, `"${censored}"`) : message;
}
