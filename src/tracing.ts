import type { Attributes, Span, SpanKind, Tracer } from '@opentelemetry/api';
import type { Logger } from 'pino';
import { withTimeout } from './with-timeout.ts';

/** The process's OpenTelemetry state; undefined: tracing is off. */
let tracing: { api: typeof import('@opentelemetry/api'); tracer: Tracer } | undefined;

/** How long to wait at the end for the collector to take the remaining spans, in milliseconds. */
const flushTimeoutMs = 2_000;

/**
 * Starts sending spans to the collector at `OTEL_EXPORTER_OTLP_ENDPOINT`; the SDK reads this and OpenTelemetry's other
 * variables from the environment. An unavailable collector only loses its spans. Returns a function that stops tracing.
 */
export async function startTracing(logger: Logger): Promise<() => Promise<void>> {
  const [api, { BatchSpanProcessor, NodeTracerProvider }, { OTLPTraceExporter }, resources] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const { detectResources, envDetector, resourceFromAttributes } = resources;
  const named = resourceFromAttributes({ 'service.name': 'kickoff' });
  const provider = new NodeTracerProvider({
    resource: named.merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  provider.register();
  const warn = (what: string) => logger.warn({ what }, 'spans are not sent');
  const ignore = () => {};
  api.diag.setLogger(
    { error: warn, warn, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: api.DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  tracing = { api, tracer: provider.getTracer('kickoff') };
  return async () => {
    tracing = undefined;
    await withTimeout(provider.shutdown(), flushTimeoutMs).catch((err) => logger.warn({ err }, 'spans are not sent'));
  };
}

export interface SpanOptions {
  kind?: keyof typeof SpanKind;
  /** Ids, and names of Kickoff's and Slack's: nothing that people wrote, or that identifies them. */
  attributes?: Attributes;
  /** The parent span, as returned by {@link traceparent}; null: none. Absent: the current span. */
  parent?: string | null;
  /** For calls: traced only as part of another span. */
  isPart?: boolean;
}

/** Runs work as a span if tracing is on. `note` adds attributes. */
export function traced<Result>(
  name: string,
  { kind = 'INTERNAL', attributes = {}, parent, isPart = false }: SpanOptions,
  work: (note: (attributes: Attributes) => void) => Promise<Result>,
): Promise<Result> {
  const { api, tracer } = tracing ?? {};
  if (!api || !tracer || (isPart && !api.trace.getActiveSpan())) return work(() => {});
  const context = parent === undefined ? api.context.active() : contextOf(api, parent);
  return tracer.startActiveSpan(name, { kind: api.SpanKind[kind], attributes }, context, async (span) => {
    try {
      return await work((more) => span.setAttributes(more));
    } catch (error) {
      // The message may quote somebody.
      span.setStatus({ code: api.SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'error' });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Runs work outside of the current span. */
export function untraced<Result>(work: () => Result): Result {
  if (!tracing) return work();
  const { context, ROOT_CONTEXT } = tracing.api;
  return context.with(ROOT_CONTEXT, work);
}

/** The current span in W3C Trace Context format; null if nothing is traced. */
export function traceparent(): string | null {
  const span: Span | undefined = tracing?.api.trace.getActiveSpan();
  if (!span) return null;
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

function contextOf(api: typeof import('@opentelemetry/api'), parent: string | null) {
  const [, traceId, spanId, flags] = parent?.split('-') ?? [];
  if (!traceId || !spanId) return api.ROOT_CONTEXT;
  const traceFlags = Number.parseInt(flags ?? '', 16) & 1;
  return api.trace.setSpanContext(api.ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}
