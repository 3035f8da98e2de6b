"""The shelf as a Django application."""

from django.apps import AppConfig


class ShelfConfig(AppConfig):
    """Its models lie in `models/`, one module for each noun of the issue."""

    name = "shelfworthy.shelf"
    label = "shelf"
    verbose_name = "The shelf"
    default_auto_field = "django.db.models.BigAutoField"
