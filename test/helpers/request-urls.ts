import { readFileSync } from 'node:fs';
import { type RequestUrls, readRequestUrls } from '../../sandbox/manifest.ts';
import { fillHttpManifest } from '../../src/slack/http-manifest.ts';

const template = readFileSync('manifest.http.yml', 'utf8');

/** The URLs for Slack's deliveries in our own manifest for HTTP. */
export function requestUrlsOf({ port }: { port: number }): RequestUrls {
  return readRequestUrls(fillHttpManifest(template, `http://127.0.0.1:${port}`));
}
