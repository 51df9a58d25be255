"""The catalog with every program of the review in it, whatever files there are."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from programs.spec import catalog
from tests.programs.pictures.every import PROGRAMS


@pytest.fixture
def full_catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Templates of all programs, for the time of one test."""
    for slug, spec in PROGRAMS.items():
        text = yaml.safe_dump(spec.document, allow_unicode=True)
        (tmp_path / f"{slug}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(catalog, "FOLDER", tmp_path)
    catalog.slugs.cache_clear()
    catalog.spec.cache_clear()
    yield
    catalog.slugs.cache_clear()
    catalog.spec.cache_clear()
