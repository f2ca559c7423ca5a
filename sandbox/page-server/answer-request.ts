import type { Handler } from './handler.ts';
import { handlers } from './handlers.ts';
import type { PageSession } from './page-session.ts';
import type { Answer, RequestName } from './protocol.ts';
import { envelopeSchema, requestSchemas } from './request-schemas.ts';

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Carries out a page's request. Returns undefined if it is malformed and has no id to answer to. */
export async function answerRequest(session: PageSession, text: string): Promise<Answer | undefined> {
  const envelope = envelopeSchema.safeParse(parsed(text));
  if (!envelope.success) return undefined;
  const { id, request, args } = envelope.data;
  const refuse = (error: string): Answer => ({ answer: id, ok: false, error });
  if (!Object.hasOwn(requestSchemas, request)) return refuse(`There is no request "${request}"`);
  const name = request as RequestName;
  const given = requestSchemas[name].safeParse(args);
  if (!given.success) {
    const [issue] = given.error.issues;
    return refuse(`${name}: ${issue?.path.join('.') || 'arguments'}: ${issue?.message}`);
  }
  try {
    const handler = handlers[name] as Handler<unknown, unknown>;
    return { answer: id, ok: true, result: await handler(session, given.data) };
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}
