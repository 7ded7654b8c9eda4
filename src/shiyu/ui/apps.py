from django.apps import AppConfig


class UiConfig(AppConfig):
    """The Django app that carries templates, tags, styles and the built front end."""

    name = "shiyu.ui"
    label = "ui"
