"""Django's settings, from the environment: see `place.py`. Importing them makes nothing."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from shelfworthy.shelf import place

HERE = Path(__file__).parent
SHELF = place.folder()
SHELF_URL = os.environ.get("SHELFWORTHY_URL", "http://127.0.0.1:8000").rstrip("/")
SECRET_KEY = place.secret()
DEBUG = False
ALLOWED_HOSTS = [urlsplit(SHELF_URL).hostname or "127.0.0.1", "127.0.0.1", "localhost", "[::1]"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "shelfworthy.shelf.apps.ShelfConfig",
]
MIDDLEWARE = [
    "shelfworthy.shelf.running.requests.Requests",
    "django.middleware.security.SecurityMiddleware",
    "shelfworthy.shelf.people.headers.Headers",
    "shelfworthy.shelf.api.problems.Problems",
    "shelfworthy.shelf.people.browsing.sessions",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "shelfworthy.shelf.people.browsing.users",
    "shelfworthy.shelf.people.browsing.factors",
    "shelfworthy.shelf.people.entrance.Entrance",
    "shelfworthy.shelf.people.browsing.messages",
    "shelfworthy.shelf.api.once.Once",
]
ROOT_URLCONF = "shelfworthy.shelf.urls"
WSGI_APPLICATION = "shelfworthy.shelf.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "string_if_invalid": "",
        },
    }
]
DATABASES = {"default": place.database(os.environ.get("DATABASE_URL", ""), SHELF)}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "log-in"
LOGIN_REDIRECT_URL = "dashboard"
OTP_TOTP_ISSUER = "Shelfworthy"
# `people/limits.py` counts tries: counted at the phone, those of a stranger would lock its owner out.
OTP_TOTP_THROTTLE_FACTOR = 0

HTTPS = SHELF_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600  # seconds
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 << 20  # bytes of a request that is no upload
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_PERMISSIONS = 0o600

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [HERE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
STATICFILES_DIRS = [HERE / "static"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DEFAULT_FROM_EMAIL = os.environ.get("SHELFWORTHY_FROM", "shelf@localhost")
globals().update(place.mail(os.environ.get("SHELFWORTHY_SMTP", "")))
WEBHOOKS_OPEN = place.networks(os.environ.get("SHELFWORTHY_WEBHOOKS", ""))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "shelfworthy.shelf.running.logs.Json"}},
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["lines"], "level": "INFO"},
    "loggers": {"django.request": {"level": "ERROR"}},  # `running/requests.py` notes the others
}
