"""What gunicorn serves.

Everything is loaded before the first question, and nothing of it is garbage: Python's search for garbage,
which stops a process for as long as it takes to go over all there is, leaves it out from then on.
"""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shelfworthy.shelf.settings")
application = get_wsgi_application()
resolve("/")
resolve("/api/v1/gate/sku")
gc.collect()
gc.freeze()
