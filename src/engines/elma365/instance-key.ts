/** An instance's key contains its process, which ELMA365 does not report: `crm.leads/create_lead/018f6a2e-…`. */
export const writeInstanceKey = (processDefinitionId: string, id: string): string => `${processDefinitionId}/${id}`;

/** Reads `namespace/code/id`; undefined if the key has another form. */
export function readInstanceKey(key: string): { processDefinitionId: string; id: string } | undefined {
  const [namespace, code, id, ...rest] = key.split('/');
  if (!namespace || !code || !id || rest.length > 0) return undefined;
  return { processDefinitionId: `${namespace}/${code}`, id };
}
