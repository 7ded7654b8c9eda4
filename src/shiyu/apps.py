"""The house itself as a Django app: connects the wiring once everything is loaded."""

from django.apps import AppConfig


class House(AppConfig):
    name = "shiyu"
    label = "house"

    def ready(self) -> None:
        # The wiring imports every app's events and handlers, so it can be loaded only now.
        from shiyu import wiring

        wiring.connect()
