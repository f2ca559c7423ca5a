import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Surface } from './surfaces.ts';

/** A mistake that Slack found, with its place. */
export interface Mistake {
  name: string;
  pointer: string;
  message: string;
}

const refusalSchema = z.object({
  data: z.object({
    error: z.string(),
    errors: z
      .array(z.object({ pointer: z.string().default(''), message: z.string().default('') }))
      .optional()
      .catch(undefined),
  }),
});

/** Slack's error codes for mistakes in the checked content. */
const found = new Set(['invalid_view', 'invalid_message', 'invalid_blocks', 'invalid_manifest', 'invalid_app']);

/** Checks views and messages one after the other, with `blocks.validate`, which shows nobody anything. */
export async function askAboutSurfaces(
  client: Pick<WebClient, 'apiCall'>,
  surfaces: Surface[],
  onAsked: (count: number) => void = () => {},
): Promise<Mistake[]> {
  const mistakes: Mistake[] = [];
  for (const [index, { name, content }] of surfaces.entries()) {
    mistakes.push(...(await mistakesIn(name, client.apiCall('blocks.validate', content))));
    onAsked(index + 1);
  }
  return mistakes;
}

/** Checks a manifest with `apps.manifest.validate`, which needs an app configuration token. `json`: the manifest. */
export function askAboutManifest(client: Pick<WebClient, 'apiCall'>, name: string, json: string): Promise<Mistake[]> {
  return mistakesIn(name, client.apiCall('apps.manifest.validate', { manifest: json }));
}

/** The mistakes in Slack's answer. Rethrows errors that are not about the content: a refused token, a lost connection. */
async function mistakesIn(name: string, answer: Promise<unknown>): Promise<Mistake[]> {
  try {
    await answer;
    return [];
  } catch (error) {
    const refusal = refusalSchema.safeParse(error).data?.data;
    if (refusal === undefined || !found.has(refusal.error)) throw error;
    const { error: code, errors = [] } = refusal;
    return errors.length > 0 ? errors.map((one) => ({ name, ...one })) : [{ name, pointer: '', message: code }];
  }
}
