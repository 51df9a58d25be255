"""``python -m mentoring.ops.probe URL``: asks a page as the proxy would, for health checks."""

import sys
import urllib.request

from mentoring import env


def main(url: str) -> int:
    """0 if the page answers; the host name and HTTPS are what the proxy would say."""
    headers = {"Host": env.words("ALLOWED_HOSTS")[0].lstrip("."), "X-Forwarded-Proto": "https"}
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - our own address
    try:
        with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310
            return 0 if answer.status == 200 else 1
    except OSError as error:
        sys.stderr.write(f"{url}: {error}\n")
        return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
