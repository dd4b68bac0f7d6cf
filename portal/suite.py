"""What every site with our apps takes as it is: apps, middleware, template options, and settings of other packages.

Our own ``portal.settings.production`` is made of it, and a Wagtail site of somebody else's is
(docs/guides/plugin.md)::

    from portal.suite import *
    INSTALLED_APPS = [*its own, *APPS]

What a site sets after that line wins. What is ours to choose is in ``portal.conf``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from portal.settings import services

_HERE = Path(__file__).resolve().parent

APPS = [
    "portal.apps.PortalConfig",
    "portal.keeping.apps.KeepingConfig",
    "lti.apps.LtiConfig",
    "certificates.apps.CertificatesConfig",
    "courses.apps.CoursesConfig",
    "portal.catalogue.apps.CatalogueConfig",
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

TEMPLATE_OPTIONS = {
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
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def private_storages(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the storages of what is nobody's but its owner's, in ``folder``, which no web server may serve.

    ``private`` holds certificates and exports, ``tombstones`` who was erased.
    """
    return {name: services.private_folder(folder / name) for name in ("private", "tombstones")}


# People -------------------------------------------------------------------------------------------
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
    "join_account": "30/10m/user",
    "ask_librarian": "30/h/ip,5/h/key",
}
MFA_ADAPTER = "portal.directory.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "portal.directory.forms.second_factor.CodeForm",
    "reauthenticate": "portal.directory.forms.second_factor.CodeAgainForm",
}
SOCIALACCOUNT_ADAPTER = "portal.directory.adapters.SignOnAdapter"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"provider_class": "portal.directory.oidc.Provider"}}
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"  # an unproved address is not taken over at all
SOCIALACCOUNT_STORE_TOKENS = False
WAGTAILADMIN_LOGIN_URL = "admin_sign_in"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False

# Sessions, cookies, transport ---------------------------------------------------------------------
SESSION_ENGINE = "portal.sessions"  # short where nobody is signed in
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
CSRF_USE_SESSIONS = True  # no cookie of its own, so a form inside another site's frame keeps working
CSRF_COOKIE_SECURE = True
CSRF_FAILURE_VIEW = "portal.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin-allow-popups"
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

# Languages ----------------------------------------------------------------------------------------
LANGUAGE_CODE = "lt"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("lt", _("Lithuanian")), ("en", _("English"))]  # in the reader's own
LOCALE_PATHS = [_HERE / "locale", _HERE / "locale_wagtail"]  # the first wins
FORMAT_MODULE_PATH = ["portal.formats"]
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = "Europe/Vilnius"
WAGTAIL_I18N_ENABLED = True
WAGTAILADMIN_PERMITTED_LANGUAGES = [("lt", "Lietuvių"), ("en", "English")]
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False

# Wagtail ------------------------------------------------------------------------------------------
WAGTAIL_ALLOW_UNICODE_SLUGS = (
    False  # ąžuolas becomes azuolas: addresses are typed, printed and sent by letter
)
WAGTAIL_PASSWORD_REQUIRED_TEMPLATE = "content/password_required.html"  # noqa: S105 (a template)
WAGTAILDOCS_PASSWORD_REQUIRED_TEMPLATE = "content/password_required.html"  # noqa: S105 (a template)
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "svg", "webp"]
WAGTAILIMAGES_IMAGE_FORM_BASE = "portal.content.forms.uploads.PictureForm"
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000  # in memory, four bytes each
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "epub", "odp", "ods", "odt", "pdf", "pptx", "txt", "xlsx"]
WAGTAILDOCS_DOCUMENT_FORM_BASE = "portal.content.forms.uploads.DocumentForm"
WAGTAILMEDIA = {
    "MEDIA_MODEL": "content.Recording",
    "MEDIA_FORM_BASE": "portal.content.forms.uploads.RecordingForm",
    "VIDEO_EXTENSIONS": ["mp4", "webm"],
    "AUDIO_EXTENSIONS": ["m4a", "mp3", "ogg"],
}
WAGTAILDOCS_SERVE_METHOD = "serve_view"  # by its permissions, also when the file lies in a bucket
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

# Work in the background ---------------------------------------------------------------------------
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

# Watching ---------------------------------------------------------------------------------------
LOGGING = services.logging(formats="line", level="INFO")  # keeps secrets in addresses out of the log
