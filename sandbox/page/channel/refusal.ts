import { RefusedError } from '../state/connection.ts';

/** The server's refusal of a request; undefined if it succeeded. */
export async function refusalOf(request: Promise<unknown>): Promise<string | undefined> {
  try {
    await request;
    return undefined;
  } catch (error) {
    if (error instanceof RefusedError) return error.message;
    throw error;
  }
}
