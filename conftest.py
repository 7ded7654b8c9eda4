"""For every test: hypothesis measures no times (these machines are noisy, and a slow draw is no defect), and the language is
the city's own, whatever page the test before opened."""

from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import HealthCheck, settings

settings.register_profile("shiyu", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shiyu")


@pytest.fixture(autouse=True)
def own_language() -> None:
    """A page opened in English leaves its thread in English."""
    translation.deactivate()


@pytest.fixture
def files_elsewhere(settings, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """What a test stores lies in its own passing folder."""
    store = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": store}
