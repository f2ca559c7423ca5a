import type { Json, ValueType } from '../../processes/value-types.ts';

/** Keys and labels of parameters that nobody should read, whatever their type. */
const secret = /passw|secret|token|iban|\bpin\b|card.?number|парол|секрет/i;

/**
 * A value as an operator may see it in an explanation, to check that the right one arrived, not to copy it: the first letter
 * and domain of an e-mail address, the last two digits of a phone number, nothing of a secret. Text from the conversation is
 * not masked, since the reader can read that anyway.
 */
export function maskValue(value: Json | undefined, type: ValueType, name: string): Json | undefined {
  if (value === undefined || value === null || value === '') return value;
  if (secret.test(name)) return '•••';
  const text = String(value);
  if (type === 'email') return text.replace(/^(.)[^@]*(?=@|$)/u, '$1•••');
  if (type === 'phone') return text.replaceAll(/\d(?=(?:\D*\d){2})/g, '•');
  return value;
}
