"""How gunicorn serves the product; the command line adds address and number of workers."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from mentoring import env

worker_class = "gthread"
threads = env.number("WEB_THREADS", 4)
workers = env.number("WEB_WORKERS", 2)
bind = env.text("WEB_BIND", "127.0.0.1:8000")
# Uploads of a roster and slow telephones: the thread is held, not the process.
timeout = 60
graceful_timeout = 8
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
control_socket_disable = True
# No line per request: a link in a mail names a person, and the time of an answer tells the rest.
accesslog = None


def on_starting(server: Any) -> None:  # noqa: ARG001 - gunicorn's signature
    """Stop with the sentence of a missing setting, not with a trace from each worker."""
    from django.conf import settings  # noqa: PLC0415

    try:
        _ = settings.SECRET_KEY
    except ImproperlyConfigured as error:
        raise SystemExit(str(error)) from None
