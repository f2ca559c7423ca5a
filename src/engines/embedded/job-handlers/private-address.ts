import ipaddr from 'ipaddr.js';

/** The only part of IPv6 assigned to the public internet (IANA: IPv6 global unicast assignments). */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether an IP address (v4, v6, or v4 mapped into v6) is not an ordinary public address. Everything in IANA's special-purpose
 * registries counts as private, including the IPv6 ranges that embed an IPv4 address (NAT64, 6to4, Teredo), and so does
 * anything that is not an address.
 */
export function isPrivateAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return true;
  const plain = ipaddr.process(address);
  if (plain.range() !== 'unicast') return true;
  return plain instanceof ipaddr.IPv6 && !plain.match(globalUnicast);
}

/**
 * Whether `HTTP_ALLOWED_HOSTS` names the URL's host: `crm.internal` for every port, `crm.internal:8080` for one;
 * IPv6 addresses in brackets or without.
 */
export function isAllowedHost(url: URL, allowedHosts: readonly string[]): boolean {
  const host = url.hostname;
  const bare = host.replace(/^\[|\]$/g, '');
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return allowedHosts.some((allowed) => [host, bare, `${host}:${port}`].includes(allowed.toLowerCase()));
}
