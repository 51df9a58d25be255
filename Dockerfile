# One image for web, worker and beat; docker-compose.yml says which it is.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1

# Pango is for documents in PDF.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 mentoring

WORKDIR /app
COPY requirements.txt .
RUN pip install --require-hashes -r requirements.txt

COPY --chown=root:root . .
# Collecting static files reads no secret; these values are for this one command only.
RUN PRODUCTION=1 SECRET_KEY=only-for-collecting-0123456789-abcdefghijklmnopqrstuv \
    FIELD_KEYS=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= ALLOWED_HOSTS=build.invalid \
    DATABASE_URL=postgres://build.invalid/build REDIS_URL=redis://build.invalid/0 \
    EMAIL_URL=smtp://build.invalid:587 \
    python manage.py collectstatic --noinput

USER mentoring
EXPOSE 8000
CMD ["gunicorn", "mentoring.wsgi", "--config=python:mentoring.ops.gunicorn_conf", "--bind=0.0.0.0:8000"]
