import type { Form, FormField } from '../../processes/form.ts';
import type { Json } from '../../processes/value-types.ts';
import type { TypeHint } from './typed-values.ts';

/** The `camunda:formData` of a file. */
export interface FormData {
  fields: GeneratedField[];
}

interface GeneratedField {
  id?: string;
  label?: string;
  type?: string;
  defaultValue?: string;
  validation?: { constraints?: { name?: string; config?: string }[] };
  values?: { id?: string; name?: string }[];
}

/**
 * Converts the fields to a form, as the engine's own generated form shows them. Throws an Error that says what cannot be shown.
 */
export function readGeneratedForm(id: string, { fields }: FormData): Form {
  return { id, items: fields.map(readItem) };
}

/** Variables whose type in the engine differs from that of their JSON value. */
export function hintsOf({ fields }: FormData): Map<string, TypeHint> {
  return new Map(
    fields.flatMap(({ id, type }) => {
      const hint = type === 'long' ? 'Long' : type === 'date' ? 'Date' : undefined;
      return id && hint ? [[id, hint] as const] : [];
    }),
  );
}

function readItem(field: GeneratedField): Form['items'][number] {
  const { id: key, label, type = 'string', validation } = field;
  if (!key) throw new Error('a field of the generated form has no id');
  const constraints = new Map(validation?.constraints?.map(({ name = '', config }) => [name, config ?? '']));
  const shown = label || key;
  if (constraints.has('readonly')) return { kind: 'text', text: `**${shown}**: {{${key}}}` };
  return {
    kind: 'field',
    key,
    label: shown,
    required: constraints.has('required') && constraints.get('required') !== 'false',
    ...typeOf(key, type, field),
    ...limitsOf(constraints, type),
    ...defaultOf(field, type),
  };
}

function typeOf(
  key: string,
  type: string,
  { values = [] }: GeneratedField,
): Pick<FormField, 'type' | 'options' | 'decimalDigits'> {
  switch (type) {
    case 'string':
      return { type: 'text' };
    case 'long':
      return { type: 'number', decimalDigits: 0 };
    case 'boolean':
      return { type: 'boolean' };
    case 'date':
      return { type: 'date' };
    case 'enum': {
      const options = values.flatMap(({ id, name }) => (id ? [{ value: id, label: name || id }] : []));
      if (options.length === 0) throw new Error(`the field ${key} has no values to choose from`);
      return { type: 'choice', options };
    }
    default:
      throw new Error(`the field ${key} has the type ${type}, which Kickoff cannot show`);
  }
}

function limitsOf(constraints: ReadonlyMap<string, string>, type: string): Partial<FormField> {
  const number = (name: string) => {
    const config = constraints.get(name);
    return config === undefined || config === '' || !Number.isFinite(Number(config)) ? undefined : Number(config);
  };
  const limits: Partial<FormField> = {};
  const set = (name: 'minimum' | 'maximum' | 'minLength' | 'maxLength', value: number | undefined) => {
    if (value !== undefined) limits[name] = value;
  };
  if (type === 'long') {
    set('minimum', number('min'));
    set('maximum', number('max'));
  } else if (type === 'string') {
    set('minLength', number('minlength'));
    set('maxLength', number('maxlength'));
  }
  return limits;
}

/** A default value that is an expression is left to the engine. */
function defaultOf({ defaultValue }: GeneratedField, type: string): { defaultValue?: Json } {
  if (!defaultValue || /[$#]\{/.test(defaultValue)) return {};
  if (type === 'boolean') return { defaultValue: defaultValue === 'true' };
  if (type === 'long') return Number.isFinite(Number(defaultValue)) ? { defaultValue: Number(defaultValue) } : {};
  return type === 'date' ? {} : { defaultValue };
}
