"""The database itself refuses to change or delete a decision."""

from django.db import migrations

from shelfworthy.shelf.deciding.triggers import protect, unprotect


class Migration(migrations.Migration):
    dependencies = [("shelf", "0001_initial")]

    operations = [migrations.RunPython(protect, unprotect)]
