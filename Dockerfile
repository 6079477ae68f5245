# Backdesk in two stages: one that builds, one that runs, as a user of its own, with nothing else in it.
FROM python:3.13-slim-bookworm AS built
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /build
RUN python -m venv /opt/backdesk
COPY requirements.lock requirements-dev.lock ./
RUN /opt/backdesk/bin/pip install --require-hashes -r requirements.lock
# hatchling, from the same lock, builds the wheel; it stays behind in this stage
RUN python -m venv /opt/hatch \
    && awk '/^[^ ]/ { keep = /^(hatchling|packaging|pathspec|pluggy|trove-classifiers|editables)==/ } keep' \
        requirements-dev.lock > hatch.lock \
    && /opt/hatch/bin/pip install --require-hashes -r hatch.lock
COPY pyproject.toml README.md LICENSE THIRD_PARTY_NOTICES.md ./
COPY backdesk backdesk
COPY backend backend
COPY knowledge knowledge
COPY prompts prompts
COPY tools tools
COPY bot bot
RUN /opt/hatch/bin/python -m hatchling build -t wheel \
    && /opt/backdesk/bin/pip install --no-deps --no-index dist/backdesk-*.whl \
    && /opt/backdesk/bin/python -m compileall -q /opt/backdesk

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/backdesk --create-home backdesk && chmod 700 /var/lib/backdesk
COPY --from=built /opt/backdesk /opt/backdesk
ENV PATH=/opt/backdesk/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    BACKDESK_HOME=/var/lib/backdesk \
    BACKDESK_WEB_HOST=0.0.0.0 \
    BACKDESK_WEB_PORT=8700
USER backdesk
WORKDIR /var/lib/backdesk
VOLUME /var/lib/backdesk
EXPOSE 8700
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8700/health', timeout=4)"]
ENTRYPOINT ["backdesk"]
CMD ["start"]
