"""Production settings: the base that ``dev`` and ``test`` relax.

Everything that differs between installations comes from the environment (see ``env.py``).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from portal.settings import services
from portal.settings.env import env, env_bool, env_int, env_list
from portal.settings.keeping import ERASURE_DAYS, REGISTER_NAMES_BASIS, RETENTION  # noqa: F401 (settings)

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(env("KELRODIS_VAR", str(BASE_DIR / "var")))

MB = 1024 * 1024

DEBUG = False
SECRET_KEY = env("KELRODIS_SECRET_KEY")
SECRET_KEY_FALLBACKS = env_list(
    "KELRODIS_SECRET_KEY_FALLBACKS", ""
)  # still honoured while a new key takes over
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
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "portal.directory.people_screens.PeopleScreensConfig",
    "wagtail.snippets",
    "wagtailmedia",
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
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "portal.monitoring.ProbesMiddleware",
    "portal.middleware.SupportCodeMiddleware",
    "portal.monitoring.MeasuringMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.pagecache.PageCacheMiddleware",
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
    "portal.directory.gate.StaffGateMiddleware",
    "portal.content.refusing.UnfinishedMiddleware",
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
DATABASES = {"default": services.database(env("KELRODIS_DATABASE_URL"))}
if "postgresql" in DATABASES["default"]["ENGINE"]:
    INSTALLED_APPS.append("django.contrib.postgres")  # Wagtail's search asks for it
CACHES = {
    "default": {
        "BACKEND": "portal.caching.ForgivingRedisCache",
        "LOCATION": env("KELRODIS_CACHE_URL", "redis://127.0.0.1:6379/0"),
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
}
PAGE_CACHE = env_bool("KELRODIS_PAGE_CACHE", True)  # public pages, for a minute or until something changes
MEDIA_ROOT = env("KELRODIS_MEDIA", str(VAR_DIR / "media"))
MEDIA_URL = "/media/"
PRIVATE_ROOT = Path(env("KELRODIS_PRIVATE", str(VAR_DIR / "private")))
STATIC_URL = "/static/"
STATIC_ROOT = env("KELRODIS_STATIC", str(VAR_DIR / "static"))
# Who was erased, kept apart from what a backup replaces; best on another machine's disk, or in a bucket of its own.
TOMBSTONES_ROOT = Path(env("KELRODIS_TOMBSTONES", str(VAR_DIR / "tombstones")))
STORAGES = services.storages(private=PRIVATE_ROOT, tombstones=TOMBSTONES_ROOT) | {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_IN_BUCKET = STORAGES["default"]["BACKEND"] == "portal.buckets.MediaBucket"
WAGTAILDOCS_SERVE_METHOD = "serve_view"  # by its permissions, also when the file lies in a bucket

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
UNCONFIRMED_DAYS = int(env("KELRODIS_UNCONFIRMED_DAYS", "30"))  # then an account nobody confirmed is deleted
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
    "reauthenticate": "10/m/user",
    "invite": "100/h/user",
}
# Who must prove more than a password before any right of a role: "staff", or nobody ("off"; portal.checks)
SECOND_FACTOR = env("KELRODIS_SECOND_FACTOR", "staff")
MFA_ADAPTER = "portal.directory.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "portal.directory.forms.second_factor.CodeForm",
    "reauthenticate": "portal.directory.forms.second_factor.CodeAgainForm",
}
# Single sign-on by OpenID Connect: offered where an issuer is named. The address to register there is
# KELRODIS_SITE_URL with /sso/callback/ behind it.
OIDC: dict[str, Any] = {
    "name": env("KELRODIS_OIDC_NAME", "SSO"),  # on the button
    "issuer": env("KELRODIS_OIDC_ISSUER", ""),
    "client_id": env("KELRODIS_OIDC_CLIENT_ID", ""),
    "client_secret": env("KELRODIS_OIDC_CLIENT_SECRET", ""),
    # Domains whose addresses are the people's own, though the provider does not say "email_verified"
    "trusted_domains": [domain.lower() for domain in env_list("KELRODIS_OIDC_TRUSTED_EMAIL", "")],
    # What the provider says of a sign-in with a second factor: then ours is not asked for as well
    "acr": env_list("KELRODIS_OIDC_ACR", ""),
    "amr": env_list("KELRODIS_OIDC_AMR", ""),
}
SOCIALACCOUNT_ADAPTER = "portal.directory.adapters.SignOnAdapter"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"provider_class": "portal.directory.oidc.Provider"}}
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"  # an unproved address is not taken over at all
SOCIALACCOUNT_STORE_TOKENS = False
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
WAGTAILIMAGES_IMAGE_FORM_BASE = "portal.content.forms.uploads.PictureForm"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = env_int("KELRODIS_PICTURE_MB", 10) * MB
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000  # in memory, four bytes each
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "epub", "odp", "ods", "odt", "pdf", "pptx", "txt", "xlsx"]
WAGTAILDOCS_DOCUMENT_FORM_BASE = "portal.content.forms.uploads.DocumentForm"
WAGTAILMEDIA = {
    "MEDIA_MODEL": "content.Recording",
    "MEDIA_FORM_BASE": "portal.content.forms.uploads.RecordingForm",
    "VIDEO_EXTENSIONS": ["mp4", "webm"],
    "AUDIO_EXTENSIONS": ["m4a", "mp3", "ogg"],
}
WAGTAILDOCS_MAX_UPLOAD_SIZE = env_int("KELRODIS_DOCUMENT_MB", 50) * MB
RECORDING_LIMIT = env_int("KELRODIS_RECORDING_MB", 500) * MB
UPLOADS_QUOTA = (
    env_int("KELRODIS_UPLOADS_GB", 20) * 1024 * MB
)  # of pictures, documents and recordings together
EMBED_HOSTS = env_list("KELRODIS_EMBED_HOSTS", "www.youtube-nocookie.com,player.vimeo.com")
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

# Letters ----------------------------------------------------------------------------------------
globals().update(services.mail())
DEFAULT_FROM_EMAIL = env("KELRODIS_MAIL_FROM", "Kelrodis <kelrodis@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Work in the background -------------------------------------------------------------------------
CELERY_BROKER_URL = env("KELRODIS_BROKER_URL", "redis://127.0.0.1:6379/1")
globals().update(services.broker(CELERY_BROKER_URL))
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

# Watching ---------------------------------------------------------------------------------------
LOGGING = services.logging(
    formats=env("KELRODIS_LOG_FORMAT", "json"), level=env("KELRODIS_LOG_LEVEL", "INFO")
)
METRICS_TOKEN = env("KELRODIS_METRICS_TOKEN", "")  # empty: there are no metrics
