import type { Block, StateValue } from '../block-kit/types.ts';
import type { ViewRecord } from '../state.ts';
import { inputBlocks, isEmptyValue } from './state-values.ts';

function numberError(block: Block, text: string): string | undefined {
  const element = block.element;
  if (!/^-?\d+([.,]\d+)?$/.test(text.trim())) return 'Please enter a number.';
  const number = Number(text.replace(',', '.'));
  if (!element?.is_decimal_allowed && !Number.isInteger(number)) return 'Please enter a whole number.';
  if (element?.min_value !== undefined && number < Number(element.min_value)) {
    return `Please enter a number greater than or equal to ${element.min_value}.`;
  }
  if (element?.max_value !== undefined && number > Number(element.max_value)) {
    return `Please enter a number less than or equal to ${element.max_value}.`;
  }
  return undefined;
}

function isUrl(text: string): boolean {
  try {
    return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) && new URL(text).host !== '';
  } catch {
    return false;
  }
}

function fieldError(block: Block, value: StateValue | undefined): string | undefined {
  const element = block.element;
  if (!element || !value) return undefined;
  if (isEmptyValue(value)) return block.optional ? undefined : 'Please complete this required field.';
  const text = typeof value.value === 'string' ? value.value : '';
  const { min_length: min = 0, max_length: max = 3000 } = element;
  switch (element.type) {
    case 'plain_text_input':
      if (text.length < min) return `Please enter at least ${min} characters.`;
      return text.length > max ? `Please enter no more than ${max} characters.` : undefined;
    case 'number_input':
      return numberError(block, text);
    case 'email_text_input':
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) ? undefined : 'Please enter a valid email address.';
    case 'url_text_input':
      return isUrl(text) ? undefined : 'Please enter a valid URL.';
    default:
      return undefined;
  }
}

/** Slack's own errors at the fields of a view that cannot be submitted yet, by block id. */
export function submissionErrors(record: ViewRecord): Record<string, string> {
  const errors = inputBlocks(record.view).map((block): [string, string | undefined] => [
    block.block_id,
    fieldError(block, record.values[block.block_id]?.[block.element?.action_id ?? '']),
  ]);
  return Object.fromEntries(errors.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
