/** The placeholder for the host in manifest.http.yml. */
const placeholder = 'https://YOUR_HOST';

/**
 * Fills Kickoff's public address into the manifest for HTTP.
 *
 * @param host a host name such as `kickoff.example.com`, or an origin such as `https://kickoff.example.com:8443`
 * @throws Error with a one-line message
 */
export function fillHttpManifest(template: string, host: string): string {
  const url = host.includes('://') ? host : `https://${host}`;
  if (!URL.canParse(url) || new URL(url).origin !== url.replace(/\/$/, '').toLowerCase()) {
    throw new Error(`${JSON.stringify(host)} is not a host name: give one such as kickoff.example.com`);
  }
  return template.replaceAll(placeholder, new URL(url).origin);
}
