import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** The host part of a `Host` header or of an origin, without port and brackets. */
function hostName(host: string): string {
  const url = URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : undefined;
  return url?.hostname.replace(/^\[|\]$/g, '') ?? '';
}

/**
 * Why a request is not one of the sandbox's own pages or of a program on this machine; undefined if it may pass. Other web
 * sites that the same browser has open can send requests to local servers, too:
 *
 * - A name that an attacker's DNS points here (DNS rebinding) is none that we are known by. Addresses cannot be
 *   pointed elsewhere, and `localhost` is always this machine.
 * - Whatever a page of another site sends, other than a plain link or image, names its origin.
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
