import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** The host part of a `Host` header or of an origin, without port and brackets. */
function hostName(host: string): string {
  const url = URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : undefined;
  return url?.hostname.replace(/^\[|\]$/g, '') ?? '';
}

/**
 * Why a request is refused; undefined if it comes from the sandbox's own pages or from a program on this machine. Other web
 * sites in the same browser can send requests to local servers, too:
 *
 * - With DNS rebinding, the `Host` header has the attacker's name, which is not one of ours. Addresses cannot be rebound,
 *   and `localhost` is always this machine.
 * - Requests from a page of another site, except plain links and images, carry its origin.
 */
export function foreignness(request: IncomingMessage, ownName?: string): string | undefined {
  const host = request.headers.host ?? '';
  const name = hostName(host);
  const isOurs = isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost') || name === ownName;
  if (!isOurs) return `The sandbox is not known as ${name || 'nothing'}`;
  const { origin } = request.headers;
  if (origin === undefined) return undefined;
  const sameOrigin = URL.canParse(origin) && new URL(origin).host === host;
  return sameOrigin ? undefined : 'The sandbox takes no requests of other sites';
}
