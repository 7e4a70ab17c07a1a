# The site in one image: packages by hash, translations compiled, static files collected, nothing run as root.

FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
WORKDIR /srv/newsroom
COPY requirements.lock .
RUN pip install --require-hashes --requirement requirements.lock
COPY . .
RUN pybabel --quiet compile --directory newsroom/locale --domain django \
    && SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
        python manage.py collectstatic --no-input --verbosity 0

FROM python:3.13-slim
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data BIND=0.0.0.0:8000
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin newsroom \
    && install --directory --owner newsroom --group newsroom /data
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/newsroom /srv/newsroom
WORKDIR /srv/newsroom
USER newsroom
VOLUME /data
EXPOSE 8000
CMD ["gunicorn"]
