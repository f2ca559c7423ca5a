import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The page from a built file, which is at some depth of `dist`. */
const besideBuilt = import.meta.url.replace(/^(.*\/dist\/).*$/, '$1sandbox-page');
/** Where `npm run build` puts the page. */
export const pageFolder = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../dist/sandbox-page' : besideBuilt, import.meta.url),
);

const contentTypes: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Pages of the sandbox may load their own scripts, and pictures from anywhere, because messages may show them. */
export const contentSecurityPolicy = [
  "default-src 'self'",
  "img-src 'self' data: blob: https: http:",
  "style-src 'self' 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const notBuilt = `<!doctype html><meta charset="utf-8"><title>Not built</title>
<p>The sandbox's page is not built. Run <code>npm run build</code> and load this page again.`;

/** Serves a built file of the page. If the page is not built, the answer (503) explains how to build it. */
export async function serveFile(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
  const headers = {
    'content-security-policy': contentSecurityPolicy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  };
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
    return;
  }
  const name = normalize(path === '/' ? '/index.html' : path);
  const content = name.startsWith(sep) ? await readFile(join(pageFolder, name)).catch(() => undefined) : undefined;
  if (content === undefined) {
    const isPage = name === '/index.html';
    response.writeHead(isPage ? 503 : 404, { ...headers, 'content-type': 'text/html; charset=utf-8' });
    response.end(isPage ? notBuilt : 'Not found');
    return;
  }
  response.writeHead(200, {
    ...headers,
    'content-type': contentTypes[extname(name)] ?? 'application/octet-stream',
    // Built files below assets/ carry a hash of their content in their name.
    'cache-control': name.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
  });
  response.end(content);
}
