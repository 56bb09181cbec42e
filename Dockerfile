# One image; the command is the role: up (all in one place), poll, work read, work deliver, web.
#   docker build --tag writethru .
#   docker run --rm --volume writethru:/data writethru token add desk     # pages and API ask for it
#   docker run --init --volume writethru:/data --publish 127.0.0.1:8700:8700 \
#       --env WRITETHRU_WEB__HOST=0.0.0.0 --env WRITETHRU_FETCH__CONTACT=https://desk.example/contact writethru
FROM python:3.13-slim AS packages
WORKDIR /app
COPY requirements/core.txt .
# pip's own configuration (index, proxy, certificates) applies; every file is checked against its locked hash.
RUN python -m venv .venv && .venv/bin/python -m pip install --no-cache-dir --require-hashes --requirement core.txt

FROM python:3.13-slim
RUN useradd --uid 10001 --create-home --home-dir /data --shell /usr/sbin/nologin writethru
WORKDIR /app
COPY --from=packages /app/.venv .venv
COPY . .
# The root file system may be read-only at run time, so bytecode is made now.
RUN .venv/bin/python -m compileall -q bench cli config demo facts ingest store web workers
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 WRITETHRU_DATA_DIR=/data
USER 10001
VOLUME /data
EXPOSE 8700
# For the roles that serve pages (up, web); deploy/compose.yaml turns it off for the others.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["/app/.venv/bin/python", "-c", \
    "import http.client as h, os, sys; c = h.HTTPConnection('127.0.0.1', int(os.environ.get('WRITETHRU_WEB__PORT', '8700')), timeout=4); c.request('GET', '/readyz'); sys.exit(c.getresponse().status != 200)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/app/.venv/bin/python", "/app/writethru"]
CMD ["up"]
