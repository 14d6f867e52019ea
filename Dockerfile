# Pawl, the server and its command line. Without DATABASE_URL: `docker run IMAGE dev --host 0.0.0.0`.

FROM node:24-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
COPY sdk/typescript/package.json sdk/typescript/
RUN npm ci
COPY . .
RUN npm run build && npm ci --omit=dev && node tools/assemble.mjs /pawl

FROM node:24-slim
# A named user: initdb of the embedded PostgreSQL looks its own name up.
RUN groupadd --gid 65532 pawl \
  && useradd --uid 65532 --gid 65532 --home-dir /data --create-home --shell /usr/sbin/nologin pawl
COPY --from=build /pawl /pawl
RUN ln -s /pawl/bin/pawl.mjs /usr/local/bin/pawl
ENV NODE_ENV=production PAWL_HOST=0.0.0.0 PAWL_DATA_DIR=/data/postgres
USER 65532:65532
WORKDIR /data
VOLUME /data
EXPOSE 7300
HEALTHCHECK --interval=10s --timeout=6s --start-period=20s CMD ["pawl", "health"]
# SIGTERM drains; give it longer than PAWL_DRAIN_TIMEOUT_MS (20 s): docker stop --time 30.
STOPSIGNAL SIGTERM
ENTRYPOINT ["pawl"]
CMD ["serve"]
