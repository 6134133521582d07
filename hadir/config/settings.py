"""Django's settings. What an office may choose is in `environment.py`; the rest is fixed here."""

import os
import sys
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from hadir.config.environment import SettingError, read_environment
from hadir.core.isolation import add_isolation_headers

try:
    ENVIRONMENT = read_environment(os.environ)
except SettingError as error:
    sys.stderr.write(f"{error}\n")
    raise SystemExit(2) from None

PACKAGE = Path(__file__).resolve().parents[1]

SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = list(ENVIRONMENT.hosts)
PUBLIC_URL = ENVIRONMENT.public_url
DATABASES = {"default": dict(ENVIRONMENT.database)}
HADIR_DATA = ENVIRONMENT.data
HADIR_PACK = ENVIRONMENT.pack
HADIR_TEMPLATE_KEY_FILE = ENVIRONMENT.template_key_file
HADIR_FINGERSPOT_URL = ENVIRONMENT.fingerspot_url
HADIR_FINGERSPOT_TOKEN_FILE = ENVIRONMENT.fingerspot_token_file
HADIR_HIKVISION_KINDS = ENVIRONMENT.hikvision_kinds

INSTALLED_APPS = [
    "hadir.core",
    "hadir.schools",
    "hadir.people",
    "hadir.accounts",
    "hadir.devices",
    "hadir.schedules",
    "hadir.enrolment",
    "hadir.ledger",
    "hadir.leave",
    "hadir.attendance",
    "hadir.months",
    "hadir.terminals",
    "hadir.imports",
    "hadir.planning",
    "hadir.reports",
    "hadir.gateways.kiosk",
    "hadir.gateways.zkteco",
    "hadir.gateways.agent",
    "hadir.gateways.files",
    "hadir.gateways.hikvision",
    "hadir.gateways.fkweb",
    "hadir.gateways.fingerspot",
    "hadir.gateways.aiface",
    "hadir.demo",
    "hadir.cli",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "hadir.gateways.door.TerminalDoorMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "hadir.core.compression.CompressTextMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "hadir.core.language.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "hadir.config.urls"
TERMINAL_URLCONF = "hadir.gateways.terminal_urls"
WSGI_APPLICATION = "hadir.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

# An office shares one address, so a name and an address together are locked, never a whole office.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_USERNAME_CALLABLE = "hadir.accounts.lockout.locked_name"
AXES_LOCKOUT_CALLABLE = "hadir.accounts.views.locked_out"
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # the pair above is meant

SESSION_COOKIE_NAME = "hadir_session"
SESSION_COOKIE_AGE = 14 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "hadir_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
_OVER_TLS = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = _OVER_TLS
CSRF_COOKIE_SECURE = _OVER_TLS
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []
if _OVER_TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

# Faces are looked at in memory and dropped: no upload is ever spooled to a disk.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Indonesia"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "hadir_bahasa"
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0 if DEBUG else 300
WHITENOISE_ADD_HEADERS_FUNCTION = add_isolation_headers
# Names made by the kiosk's build carry a hash of the content.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/kiosk/assets/.+-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$"

# One line an event on stderr. SQL with its parameters would print record bodies: that logger never goes below INFO.

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "hadir.core.logs.DiscreetFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": ENVIRONMENT.log_level},
    "loggers": {
        "django": {"handlers": [], "level": ENVIRONMENT.log_level, "propagate": True},
        "django.db.backends": {"level": "INFO"},
        "PIL": {"level": "INFO"},
        "axes": {"level": "WARNING"},
    },
}
