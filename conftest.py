"""For every test: hypothesis measures no times. These machines are noisy, and a slow draw is no defect."""

from hypothesis import HealthCheck, settings

settings.register_profile("shiyu", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shiyu")
