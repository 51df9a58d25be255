#!/usr/bin/env python
"""Entry point of every management command."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentoring.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as error:  # pragma: no cover - only without an environment
        raise SystemExit(
            "Django is not installed here. Run `make setup`, then `.venv/bin/python manage.py …`."
        ) from error
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
