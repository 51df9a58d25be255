"""The icons that exist: the symbols of the vendored sprite."""

import re
from functools import lru_cache

from django.conf import settings

SPRITE = "vendor/icons/icons.svg"


@lru_cache(maxsize=1)
def names() -> frozenset[str]:
    """The names that ``{% icon %}`` takes."""
    sprite = (settings.BASE_DIR / "static" / SPRITE).read_text()
    return frozenset(re.findall(r'<symbol id="([^"]+)"', sprite))
