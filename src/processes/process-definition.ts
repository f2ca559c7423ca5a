import { type Form, fieldsOf } from './form.ts';
import type { ValueType } from './value-types.ts';

/** An input of a process definition. */
export interface Parameter {
  key: string;
  label: string;
  type: ValueType;
  required: boolean;
  /** For files: maximum number; absent: no limit, or an expression of the form decides. */
  maxFiles?: number;
}

/** The parameters that a start form defines. A field that may be hidden is required only while it is shown. */
export function parametersOf(form: Form): Parameter[] {
  return fieldsOf(form).map(({ key, label, type, required, hide, maxFiles, computed }) => ({
    key,
    label,
    type,
    required: required && !hide,
    ...(maxFiles !== undefined && computed?.multiple === undefined ? { maxFiles } : {}),
  }));
}

/** A business process that can be started. Without workspace and app, it belongs to the company. */
export interface ProcessDefinition {
  /** The BPMN process id, prefixed with its engine unless that is the embedded one: `operaton:invoice`. */
  id: string;
  name: string;
  /** The engine that runs it, if there is more than one. */
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
