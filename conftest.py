"""For every test: hypothesis measures no times (these machines are noisy, and a slow draw is no defect), and the language is
the city's own, whatever page the test before opened."""

import pytest
from django.utils import translation
from hypothesis import HealthCheck, settings

settings.register_profile("shiyu", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shiyu")


@pytest.fixture(autouse=True)
def own_language() -> None:
    """A page opened in English leaves its thread in English."""
    translation.deactivate()
