"""Production settings: the base that ``dev`` and ``test`` relax.

Everything that differs between installations comes from the environment (see ``env.py``).
"""

from __future__ import annotations

from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF

from portal.settings.env import env, env_bool, env_list
from portal.settings.keeping import ERASURE_DAYS, REGISTER_NAMES_BASIS, RETENTION  # noqa: F401 (settings)

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(env("KELRODIS_VAR", str(BASE_DIR / "var")))

DEBUG = False
SECRET_KEY = env("KELRODIS_SECRET_KEY")
ALLOWED_HOSTS = env_list("KELRODIS_HOSTS")
SITE_URL = env("KELRODIS_SITE_URL")  # the public address, without a final slash
ENVIRONMENT = "production"

INSTALLED_APPS = [
    "portal.apps.PortalConfig",
    "portal.keeping.apps.KeepingConfig",
    "lti.apps.LtiConfig",
    "certificates.apps.CertificatesConfig",
    "courses.apps.CoursesConfig",
    "portal.content.apps.ContentConfig",
    "portal.documents.apps.DocumentsConfig",
    "portal.directory.apps.DirectoryConfig",
    "portal.outbox.apps.OutboxConfig",
    "lti_tool",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "portal.directory.people_screens.PeopleScreensConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "csp",
    "allauth",
    "allauth.account",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "portal.middleware.SupportCodeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.middleware.LaunchedSessionMiddleware",
    "portal.middleware.FramingMiddleware",
    "portal.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.middleware.MovedPagesMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.content.context.frame",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "portal.content.templatetags.kelrodis",
            ],
        },
    }
]

# Data -------------------------------------------------------------------------------------------
DATABASES = {"default": dj_database_url.parse(env("KELRODIS_DATABASE_URL"), conn_max_age=60)}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env("KELRODIS_CACHE_URL", "redis://127.0.0.1:6379/0"),
    }
}
MEDIA_ROOT = env("KELRODIS_MEDIA", str(VAR_DIR / "media"))
MEDIA_URL = "/media/"
PRIVATE_ROOT = Path(env("KELRODIS_PRIVATE", str(VAR_DIR / "private")))
STATIC_URL = "/static/"
STATIC_ROOT = env("KELRODIS_STATIC", str(VAR_DIR / "static"))
# Who was erased, kept apart from what a backup replaces; best on another machine's disk, or in a bucket of its own.
TOMBSTONES_ROOT = Path(env("KELRODIS_TOMBSTONES", str(VAR_DIR / "tombstones")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PRIVATE_ROOT, "base_url": None},
    },
    "tombstones": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": TOMBSTONES_ROOT, "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# People -----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "directory.User"
AUTHENTICATION_BACKENDS = [
    "portal.directory.backends.EmailBackend",
    "portal.directory.backends.LaunchBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("first_name", "last_name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "learning"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "portal.directory.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # in the browser that signed up, within a quarter of an hour
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_PREVENT_ENUMERATION = "strict"  # an address is taken when it is proved, not when it is claimed
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody is written to who has nothing to do with us
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105 (a class)
ACCOUNT_FORMS = {
    "signup": "portal.directory.forms.account.SignUpForm",
    "reset_password": "portal.directory.forms.account.ForgottenForm",
    "reset_password_from_key": "portal.directory.forms.account.NewPasswordForm",
    "change_password": "portal.directory.forms.account.ChangeForm",
}
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
SIGN_UP_OPEN = env_bool("KELRODIS_SIGN_UP", True)  # no: accounts are opened by staff, and by launches
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "signup": "30/m/ip",  # a class at a library's computers shares one address
    "confirm_email": "3/5m/key",
    "reset_password": "20/m/ip,3/5m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
}
WAGTAILADMIN_LOGIN_URL = "admin_sign_in"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False

# Sessions, cookies, transport -------------------------------------------------------------------
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
CSRF_USE_SESSIONS = True  # no cookie of its own, so a form inside another site's frame keeps working
CSRF_COOKIE_SECURE = True
CSRF_FAILURE_VIEW = "portal.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = env_list("KELRODIS_TRUSTED_ORIGINS", "")
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
SECURE_HSTS_INCLUDE_SUBDOMAINS = env_bool("KELRODIS_HSTS_SUBDOMAINS", True)
SECURE_HSTS_PRELOAD = env_bool("KELRODIS_HSTS_PRELOAD", True)
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin-allow-popups"
if env_bool("KELRODIS_BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # or all visitors would share the proxy's address, and its limits
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Languages --------------------------------------------------------------------------------------
LANGUAGE_CODE = "lt"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("lt", "Lietuvių"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "portal" / "locale", BASE_DIR / "portal" / "locale_wagtail"]  # the first wins
FORMAT_MODULE_PATH = ["portal.formats"]
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = "Europe/Vilnius"
WAGTAIL_I18N_ENABLED = True
WAGTAILADMIN_PERMITTED_LANGUAGES = [("lt", "Lietuvių"), ("en", "English")]
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False

# Wagtail ----------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Kelrodis"
WAGTAIL_PASSWORD_REQUIRED_TEMPLATE = "content/password_required.html"  # noqa: S105 (a template)
WAGTAILDOCS_PASSWORD_REQUIRED_TEMPLATE = "content/password_required.html"  # noqa: S105 (a template)
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "svg", "webp"]
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

# Letters ----------------------------------------------------------------------------------------
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env("KELRODIS_SMTP_HOST", "localhost")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("KELRODIS_MAIL_FROM", "Kelrodis <kelrodis@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Work in the background -------------------------------------------------------------------------
CELERY_BROKER_URL = env("KELRODIS_BROKER_URL", "redis://127.0.0.1:6379/1")
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {"visibility_timeout": 600}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 60
CELERY_TASK_TIME_LIMIT = 90
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat" / "schedule")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"keys": {"()": "portal.logs.WithoutKeys"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["keys"]}},
    "root": {"handlers": ["console"], "level": env("KELRODIS_LOG_LEVEL", "INFO")},
    "loggers": {"django_tasks": {"level": "WARNING"}, "wagtail": {"level": "WARNING"}},
}
