import { expect, test } from 'vitest';
import { isAllowedHost, isPrivateAddress } from '../../src/engines/embedded/job-handlers/private-address.ts';

test.each([
  ['10.1.2.3', true],
  ['100.64.0.1', true],
  ['169.254.169.254', true],
  ['172.31.255.255', true],
  ['192.168.0.1', true],
  ['0.0.0.0', true],
  ['224.0.0.1', true],
  ['255.255.255.255', true],
  ['::', true],
  ['fd00::1', true],
  ['fe80::1%eth0', true],
  ['::ffff:10.0.0.1', true],
  ['::ffff:a00:1', true],
  ['64:ff9b::a00:1', true],
  ['2002:a00:1::', true],
  ['no address', true],
  ['8.8.8.8', false],
  ['172.32.0.1', false],
  ['100.128.0.1', false],
  ['::ffff:8.8.8.8', false],
  ['2606:4700::1111', false],
])('%s is private: %s', (address, isPrivate) => {
  expect(isPrivateAddress(address)).toBe(isPrivate);
});

test.each([
  ['https://crm.internal/x', 'crm.internal', true],
  ['https://crm.internal/x', 'crm.internal:443', true],
  ['http://crm.internal/x', 'crm.internal:443', false],
  ['http://crm.internal.evil.com/x', 'crm.internal', false],
  ['http://[::1]:80/', '::1', true],
  ['http://[::1]:8080/', '[::1]:8080', true],
])('%s is allowed by %s: %s', (url, allowed, isAllowed) => {
  expect(isAllowedHost(new URL(url), [allowed])).toBe(isAllowed);
});
