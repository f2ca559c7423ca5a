import type { Json, ValueType } from '../../processes/value-types.ts';

/** Parameters of any type whose key or label says that nobody is to read them. */
const secret = /passw|secret|token|iban|\bpin\b|card.?number|парол|секрет/i;

/**
 * A value as an operator may read it in a trace, which is for telling whether the right one arrived, not for copying it: of
 * an e-mail address its first letter and domain, of a phone number its last two digits, of what is called secret nothing.
 * What was written in the conversation is not masked: whoever reads the trace reads that too.
 */
export function maskValue(value: Json | undefined, type: ValueType, name: string): Json | undefined {
  if (value === undefined || value === null || value === '') return value;
  if (secret.test(name)) return '•••';
  const text = String(value);
  if (type === 'email') return text.replace(/^(.)[^@]*(?=@|$)/u, '$1•••');
  if (type === 'phone') return text.replaceAll(/\d(?=(?:\D*\d){2})/g, '•');
  return value;
}
