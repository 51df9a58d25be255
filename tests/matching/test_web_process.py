import subprocess
import sys

LOADED = """
import django
django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
import mentoring.wsgi
import sys
print(sorted({"numpy", "scipy"} & set(sys.modules)))
"""


def test_the_web_process_loads_neither_numpy_nor_scipy():
    done = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
