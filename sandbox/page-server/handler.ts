import type { PageSession } from './page-session.ts';
import type { RequestName, Requests } from './protocol.ts';
import type { Args } from './request-schemas.ts';

/** Carries out a request. The message of a thrown error is shown to the person. */
export type Handler<Args, Result> = (session: PageSession, args: Args) => Promise<Result> | Result;

/** The function that carries out each request, by the request's name. */
export type Handlers = { [Name in RequestName]: Handler<Args<Name>, Requests[Name]['result']> };
