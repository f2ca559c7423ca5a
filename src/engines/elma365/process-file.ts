import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { reasonOf } from '../../errors.ts';
import type { Form, FormField } from '../../processes/form.ts';
import { type Parameter, type ProcessDefinition, parametersOf } from '../../processes/process-definition.ts';
import { valueTypeSchema } from '../../processes/value-types.ts';

const code = z.string().regex(/^\w+$/, 'must be a code: letters, digits and underscores');

const parameterSchema = z
  .strictObject({
    key: z.string().regex(/^[\p{L}_][\p{L}\p{N}_]*$/u, 'must be a name: letters, digits and underscores'),
    /** The context variable's code in ELMA365, if it differs from the key. */
    field: code.optional(),
    label: z.string().min(1),
    type: valueTypeSchema,
    required: z.boolean().default(false),
    /** `text`: the context variable is a string, whatever the parameter's type. */
    as: z.literal('text').optional(),
    /** For choices: the codes of ELMA365's category, each with its label. */
    options: z
      .array(z.strictObject({ value: z.string().min(1), label: z.string().min(1) }))
      .min(1)
      .optional(),
  })
  .superRefine(({ type, as, options }, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    const isChoice = type === 'choice' || type === 'choices';
    if (isChoice !== (options !== undefined)) refuse('options', `must be there for a choice, and for nothing else`);
    if ((type === 'user' || type === 'files') && as !== 'text') {
      refuse('as', `must be "text": ELMA365 has its own users and files, so a Slack ${type} goes into a string`);
    }
  });

const processSchema = z.strictObject({
  /** The codes of the workspace and of the app, separated by dots. */
  namespace: z.string().regex(/^\w+(\.\w+)*$/, 'must be codes with dots between them, such as crm.leads'),
  code,
  name: z.string().min(1),
  workspace: z.string().min(1).optional(),
  app: z.string().min(1).optional(),
  description: z.string().optional(),
  /** Older versions of ELMA365 list instances by the id of their template. */
  templateId: z.guid().optional(),
  /** A context variable of type string that stores the start's id. */
  startIdField: code.optional(),
  parameters: z.array(parameterSchema).default([]),
});

const fileSchema = z.strictObject({ processes: z.array(processSchema).min(1, 'must name a process') });

export type ElmaParameter = z.infer<typeof parameterSchema>;

/** A process of ELMA365, as described in the file. */
export type ElmaProcess = z.infer<typeof processSchema> & { definition: ProcessDefinition };

/** Reads the file. Throws an Error whose message is one readable line per mistake. */
export async function readProcessFile(path: string): Promise<ElmaProcess[]> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new Error(`ELMA365_PROCESSES ${reasonOf(cause)}`, { cause });
  }
  const parsed = fileSchema.safeParse(content);
  if (!parsed.success) {
    const lines = parsed.error.issues.map(
      (issue) => `ELMA365_PROCESSES ${path}: ${issue.path.join('.')} ${issue.message}`,
    );
    throw new Error(lines.join('\n'));
  }
  const processes = parsed.data.processes.map((process) => ({ ...process, definition: definitionOf(process) }));
  const ids = processes.map(({ definition }) => definition.id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new Error(`ELMA365_PROCESSES ${path}: ${twice} is named twice`);
  return processes;
}

function definitionOf({
  namespace,
  code,
  name,
  workspace,
  app,
  description,
  parameters,
}: z.infer<typeof processSchema>) {
  const id = `${namespace}/${code}`;
  const startForm = formOf(id, parameters);
  const definition: ProcessDefinition = {
    id,
    name,
    // The Web API has no versions.
    version: 1,
    ...(workspace !== undefined && { workspace }),
    ...(workspace !== undefined && app !== undefined && { app }),
    ...(description !== undefined && { description }),
    ...(startForm && { startForm }),
    parameters: startForm ? parametersOf(startForm) : ([] satisfies Parameter[]),
  };
  return definition;
}

function formOf(id: string, parameters: ElmaParameter[]): Form | undefined {
  if (parameters.length === 0) return undefined;
  const items = parameters.map(
    ({ key, label, type, required, options }): FormField => ({
      kind: 'field',
      key,
      label,
      type,
      required,
      ...(options && { options }),
    }),
  );
  return { id, items };
}
