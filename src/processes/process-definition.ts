import { type Form, fieldsOf } from './form.ts';
import type { ValueType } from './value-types.ts';

/** An input of a process definition. */
export interface Parameter {
  key: string;
  label: string;
  type: ValueType;
  required: boolean;
  /** Of files: how many; absent: as many as there are, or as an expression of the form says. */
  maxFiles?: number;
}

/** The parameters that a start form makes. A field that may be hidden is required only where it is shown. */
export function parametersOf(form: Form): Parameter[] {
  return fieldsOf(form).map(({ key, label, type, required, hide, maxFiles, computed }) => ({
    key,
    label,
    type,
    required: required && !hide,
    ...(maxFiles !== undefined && computed?.multiple === undefined ? { maxFiles } : {}),
  }));
}

/** A business process that can be started. Neither workspace nor app: it belongs to the company. */
export interface ProcessDefinition {
  /** The BPMN process id, with its engine in front unless that is the embedded one: `operaton:invoice`. */
  id: string;
  name: string;
  /** Which engine runs it, where there is more than one. */
  engine?: string;
  version: number;
  /** Switched off: nothing starts it. */
  isOff?: true;
  workspace?: string;
  /** An app of `workspace`; never without one. */
  app?: string;
  description?: string;
  /** The form linked to the start event; its fields are the process's parameters. */
  startForm?: Form;
  parameters: Parameter[];
}
