# One image for all services; the command chooses: node apps/<name>/dist/main.js
FROM node:24.21.0-bookworm-slim AS base
WORKDIR /app

# The package files alone, so that a change of sources does not install everything anew.
FROM base AS packages
COPY . .
RUN mkdir /packages && find . -name 'package*.json' -exec cp --parents -t /packages {} +

FROM base AS build
ENV NX_DAEMON=false NX_NO_CLOUD=true NX_TUI=false NX_ISOLATE_PLUGINS=false
COPY --from=packages /packages ./
# No install scripts: nothing that is needed here has one.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node_modules/.bin/nx run-many -t build --outputStyle=static
# The optional packages are the embedded PostgreSQL and a Node.js of their own: not for containers.
RUN npm prune --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund \
 && mkdir /out \
 && cp -a --parents -t /out package.json node_modules apps/*/package.json apps/*/dist libs/*/package.json libs/*/dist

FROM base
ENV NODE_ENV=production
# Owned by root and never written to: the containers run with a read-only root.
COPY --from=build /out ./
# By number, so that Kubernetes can see that it is not root.
USER 1000:1000
EXPOSE 3000 9090
CMD ["node", "apps/gateway/dist/main.js"]
