import { z } from 'zod';

/** Zeebe's records, as far as scenarios need them. */

// Keys of the first partition, the only one here, are small enough for exact JSON numbers; -1 means none.
const key = z.number().transform(String);
const optionalKey = z.number().transform((value) => (value < 0 ? undefined : String(value)));

const record = <Type extends string, Value extends z.ZodType>(valueType: Type, value: Value) =>
  z.object({ valueType: z.literal(valueType), key, intent: z.string(), timestamp: z.number(), value });

const elementValue = z.object({
  bpmnProcessId: z.string(),
  bpmnElementType: z.string(),
  elementId: z.string(),
  processInstanceKey: key,
  flowScopeKey: optionalKey,
  parentProcessInstanceKey: optionalKey,
});

const variableValue = z.object({
  scopeKey: key,
  name: z.string(),
  value: z.string().transform((text) => z.json().parse(JSON.parse(text))),
});

/** Fields are `''` if the process does not set them. */
const userTaskValue = z.object({
  bpmnProcessId: z.string(),
  elementId: z.string(),
  elementInstanceKey: key,
  processInstanceKey: key,
  assignee: z.string(),
  candidateUsersList: z.array(z.string()),
  candidateGroupsList: z.array(z.string()),
  dueDate: z.string(),
  followUpDate: z.string(),
  formKey: optionalKey,
});

const incidentValue = z.object({
  errorType: z.string(),
  errorMessage: z.string(),
  elementId: z.string(),
  elementInstanceKey: key,
  processInstanceKey: key,
  jobKey: optionalKey,
});

export const engineRecordSchema = z.discriminatedUnion('valueType', [
  record('PROCESS_INSTANCE', elementValue),
  record('VARIABLE', variableValue),
  record('USER_TASK', userTaskValue),
  record('INCIDENT', incidentValue),
  record('JOB', z.object({ type: z.string(), retries: z.number() })),
  record('FORM', z.object({ formId: z.string() })),
]);

export type EngineRecord = z.infer<typeof engineRecordSchema>;
export type RecordOf<Type extends EngineRecord['valueType']> = Extract<EngineRecord, { valueType: Type }>;
