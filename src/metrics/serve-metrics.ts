import type { RequestHandler } from '../http-server.ts';
import type { Logger } from '../logger.ts';
import { isSameSecret } from '../same-secret.ts';
import type { Metrics } from './metrics.ts';

export const metricsPath = '/metrics';

export interface ServeMetricsOptions {
  metrics: Metrics;
  isReady(): Promise<boolean>;
  /** The bearer token that a client has to send; undefined: none is needed. */
  token: string | undefined;
  logger: Logger;
}

/** Serves metrics to Prometheus. They show how much business a company does, so strangers get nothing. */
export function serveMetrics({ metrics, isReady, token, logger }: ServeMetricsOptions): RequestHandler {
  return ({ method, headers }, response) => {
    if (method !== 'GET' && method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return;
    }
    const [scheme = '', given = ''] = (headers.authorization ?? '').split(' ');
    if (token !== undefined && !(/^bearer$/i.test(scheme) && isSameSecret(given, token))) {
      response.writeHead(401, { 'www-authenticate': 'Bearer' }).end('The token METRICS_TOKEN is needed\n');
      return;
    }
    isReady()
      .then((ready) => metrics.text(ready))
      .then(
        ({ text, contentType }) => response.writeHead(200, { 'content-type': contentType }).end(text),
        (err) => {
          logger.warn({ err }, 'metrics could not be read');
          response.writeHead(503).end('the database is away\n');
        },
      );
  };
}

/** Without METRICS_TOKEN, a port that others may reach serves no metrics. */
export const refuseMetrics: RequestHandler = (_, response) => {
  response.writeHead(403, { 'content-type': 'text/plain' }).end('Set METRICS_TOKEN, and show it as a bearer token\n');
};
