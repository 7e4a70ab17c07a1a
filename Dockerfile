# The site in one image: packages by hash, translations compiled, static files collected, nothing run as root.
# Which image an operator builds on is fixed by its digest: --build-arg PYTHON=python:3.13-slim-trixie@sha256:... (the same for
# NGINX); docs/operations.md says when to build anew.
ARG PYTHON=python:3.13-slim-trixie
ARG NGINX=nginx:1.28

FROM ${PYTHON} AS build
# "distributed": tasks on several machines and psycopg 3 with its pool, which Django takes when it is there.
ARG EXTRAS=""
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
WORKDIR /srv/newsroom
COPY requirements*.lock .
RUN pip install --require-hashes --requirement requirements.lock \
    && for extra in ${EXTRAS}; do \
        pip install --require-hashes --no-deps --requirement "requirements-${extra}.lock" || exit 1; \
    done
COPY . .
RUN pybabel --quiet compile --directory newsroom/locale --domain django \
    && SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
        python manage.py collectstatic --no-input --verbosity 0

# The proxy has the static files of just this version, and asks the application for those of the last one.
FROM ${NGINX} AS proxy
COPY deploy/nginx/nginx.conf.template /etc/nginx/templates/
COPY deploy/nginx/docker-entrypoint.d/15-site.envsh /docker-entrypoint.d/
COPY deploy/nginx/pages /srv/pages
COPY --from=build /srv/newsroom/staticfiles /srv/static
RUN install --directory /etc/nginx/newsroom.d

FROM ${PYTHON}
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data BIND=0.0.0.0:8000
# manage.py backup needs the client programs of the server's version: Debian 13 has those of PostgreSQL 17.
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/*
RUN groupadd --gid 10001 newsroom \
    && useradd --uid 10001 --gid newsroom --no-create-home --shell /usr/sbin/nologin newsroom \
    && install --directory --owner newsroom --group newsroom /data /data/media /backups
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/newsroom /srv/newsroom
WORKDIR /srv/newsroom
USER 10001:10001
VOLUME /data
EXPOSE 8000
CMD ["gunicorn"]
