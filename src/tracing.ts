import type { Attributes, Span, SpanKind, Tracer } from '@opentelemetry/api';
import type { Logger } from 'pino';
import { withTimeout } from './with-timeout.ts';

/** OpenTelemetry, whose state belongs to the process; undefined: nothing is traced. */
let tracing: { api: typeof import('@opentelemetry/api'); tracer: Tracer } | undefined;

/** How long it is waited at the end for the collector to take what is left, in milliseconds. */
const flushTimeoutMs = 2_000;

/**
 * Begins to send spans to the collector that `OTEL_EXPORTER_OTLP_ENDPOINT` names; the SDK reads this and OpenTelemetry's
 * other variables from the environment. A collector that is away costs nothing but its spans. Returns how to stop.
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
  /** Ids, names of ours and of Slack's: nothing that people wrote, or that tells who they are. */
  attributes?: Attributes;
  /** The span that this one is a part of, as {@link traceparent} gave it; null: none. Absent: what is under way. */
  parent?: string | null;
  /** Of a call: it is traced only as a part of something. */
  isPart?: boolean;
}

/** Does work as a span, if anything is traced. `note` adds to its attributes. */
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
      // Its message may quote somebody.
      span.setStatus({ code: api.SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'error' });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Does work that is no part of the span under way. */
export function untraced<Result>(work: () => Result): Result {
  if (!tracing) return work();
  const { context, ROOT_CONTEXT } = tracing.api;
  return context.with(ROOT_CONTEXT, work);
}

/** The span under way, as the W3C's Trace Context writes it; null: nothing is traced. */
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
