import { BlockList, isIP } from 'node:net';

/**
 * What is not the public internet (IANA special-purpose registries, RFC 6890): this host, private, shared (CGNAT),
 * link-local (where clouds keep credentials), documentation, benchmarking, multicast, reserved; and the IPv6 ranges that
 * carry an IPv4 address inside.
 */
const ipv4 = [
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24',
  '192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4',
];
const ipv6 = [
  '::/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/32 2001:db8::/32 2002::/16 3fff::/20 5f00::/16',
  'fc00::/7 fe80::/10 fec0::/10 ff00::/8',
];

const notPublic = new BlockList();
for (const [family, subnets] of [['ipv4', ipv4] as const, ['ipv6', ipv6] as const]) {
  for (const subnet of subnets.join(' ').split(' ')) {
    const [network = '', prefix] = subnet.split('/');
    notPublic.addSubnet(network, Number(prefix), family);
  }
}

/** Whether an IP address (v4, v6, or v4 mapped into v6) is no address of the public internet. */
export function isPrivateAddress(address: string): boolean {
  const [plain = ''] = address.split('%');
  const version = isIP(plain);
  return version === 0 || notPublic.check(plain, version === 4 ? 'ipv4' : 'ipv6');
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
