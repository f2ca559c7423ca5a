# The package, as `npm pack` makes it.
FROM node:24-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
COPY sandbox/package.json sandbox/
RUN npm ci
COPY . .
RUN npm pack --silent && tar -xzf kickoff-*.tgz && cp package-lock.json package/

# What it needs in production, without what only compilers, bundlers, debuggers and the sandbox's page read.
FROM node:24-alpine AS install
WORKDIR /app
COPY --from=build /build/package ./
RUN npm ci --omit=dev --ignore-scripts --prefer-offline --no-audit --no-fund
RUN find node_modules -type f '(' -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' ')' -delete \
  && rm -r node_modules/emoji-datasource/img node_modules/@opentelemetry/*/build/esm node_modules/@opentelemetry/*/build/esnext

FROM node:24-alpine
ENV NODE_ENV=production DATA_DIR=/data
RUN mkdir /data && chown node:node /data
WORKDIR /app
COPY --from=install /app ./
# By number, so that Kubernetes can tell that it is not root: node.
USER 1000:1000
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "--max-old-space-size=512", "--max-semi-space-size=16", "dist/src/main.js"]
