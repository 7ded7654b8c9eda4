"""Settings. Everything a server's administrator may change comes from the environment (docs/operations.md).

Without `DATABASE_URL` this is a development or demo run: PostgreSQL starts in the project's `var/`.
"""

import os
import secrets
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shiyu.demo import PASSWORD as DEMO_PASSWORD  # noqa: F401 - refused everywhere but in a demo
from shiyu.lib import postgres
from shiyu.lib.vault import keys_in

PACKAGE = Path(__file__).resolve().parent
PROJECT = PACKAGE.parent.parent if (PACKAGE.parent.parent / "pyproject.toml").exists() else Path.cwd()
VAR = Path(os.environ.get("SHIYU_VAR", PROJECT / "var")).resolve()
PACKS = PROJECT / "packs" if (PROJECT / "packs").is_dir() else PACKAGE / "_packs"
PRODUCTION = os.environ.get("SHIYU_ENV") == "production"
DEMO = os.environ.get("SHIYU_DEMO") == "1"
DEBUG = False


def _secret(name: str) -> str:
    """The secret `name` from the environment or its file; made anew in `var/` only outside production."""
    value = os.environ.get(name)
    if value:
        return value
    path = Path(os.environ.get(f"{name}_FILE", VAR / f"{name.lower()}.txt"))
    if path.exists():
        return path.read_text().strip()
    if PRODUCTION:
        raise RuntimeError(f"{name} or {name}_FILE must be set in production")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(secrets.token_hex(32))
    path.chmod(0o600)
    return path.read_text().strip()


SECRET_KEY = _secret("SHIYU_SECRET_KEY")
# The key of the audit seals lives outside the database, or the seal would prove nothing.
AUDIT_KEY = _secret("SHIYU_AUDIT_KEY").encode()
# The keys that seal personal data, newest first, as name:secret; and the key of the hashes by which a phone number is
# found again. Both outside the database, or sealing would prove nothing (docs/operations.md).
_vault_keys = _secret("SHIYU_VAULT_KEYS")
VAULT_KEYS = keys_in(_vault_keys if ":" in _vault_keys else f"first:{_vault_keys}")
TRACE_KEY = _secret("SHIYU_TRACE_KEY").encode()

# Where seal heads are kept: best a folder that the database's administrator cannot write (docs/operations.md).
AUDIT_HEADS = Path(os.environ.get("SHIYU_AUDIT_HEADS", VAR / "audit-heads"))
# Tell the audit administrators the newest seal once a day (through the notice channels, e-mail for instance).
AUDIT_HEAD_NOTICE = os.environ.get("SHIYU_AUDIT_HEAD_NOTICE") == "1"

_database_url = os.environ.get("DATABASE_URL")
if not _database_url:
    if PRODUCTION:
        raise RuntimeError("DATABASE_URL must be set in production")
    _database_url = postgres.start(VAR / "postgres")
DATABASES = {"default": postgres.django_settings(_database_url)}
if not os.environ.get("DATABASE_URL"):
    DATABASES["default"]["NAME"] = os.environ.get("SHIYU_DATABASE", "shiyu")
DATABASES["default"]["TEST"] = {"NAME": os.environ.get("SHIYU_TEST_DB", "test_shiyu")}
if os.environ.get("PYTEST_VERSION"):
    DATABASES["default"]["OPTIONS"].pop("pool")  # type: ignore[attr-defined]

# A server's own monitoring asks by the machine's own name; everything else is refused by its Host header.
_hosts = [host for host in os.environ.get("SHIYU_HOSTS", "").split(",") if host]
ALLOWED_HOSTS = [*_hosts, "localhost", "127.0.0.1", "[::1]", *([] if PRODUCTION else ["testserver"])]
# How many proxies of the office's own stand before this server: whose X-Forwarded-For may be believed.
PROXIES = int(os.environ.get("SHIYU_PROXIES", "1" if PRODUCTION else "0"))
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("SHIYU_ORIGINS", "").split(",") if o]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_filters",
    "axes",
    "csp",
    "procrastinate.contrib.django",
    "shiyu.apps.House",
    "shiyu.ui",
    "shiyu.audit",
    "shiyu.packs",
    "shiyu.places",
    "shiyu.people",
    "shiyu.notices",
    "shiyu.documents",
    "shiyu.letters",
    "shiyu.periods",
    "shiyu.matters",
    "shiyu.mediation",
    "shiyu.meetings",
    "shiyu.surge",
    "shiyu.plans",
    "shiyu.briefs",
    "shiyu.desk",
    "shiyu.command",
    "shiyu.exchange",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "shiyu.middleware.ApiDoor",
    "shiyu.middleware.IdleTimeout",
    "shiyu.middleware.PasswordDue",
    "shiyu.middleware.ActorOfRequest",
    "shiyu.middleware.OneEffect",
    "shiyu.middleware.UserErrors",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "shiyu.urls"
WSGI_APPLICATION = "shiyu.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["shiyu.ui.templatetags.once"],  # {% csrf_token %} with a one-time key
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shiyu.ui.context.shell",
            ],
        },
    }
]

# --- signing in -----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "shiyu.people.actions.passwords.ManyKinds"},
    {"NAME": "shiyu.people.actions.passwords.NotUsedBefore"},
    {"NAME": "shiyu.people.actions.passwords.NotTheDemos"},
]
# Days after which a password must be changed (0: never), and how many former ones may not come back.
PASSWORD_DAYS = int(os.environ.get("SHIYU_PASSWORD_DAYS", "90"))
PASSWORD_HISTORY = int(os.environ.get("SHIYU_PASSWORD_HISTORY", "5"))
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = "shiyu.people.queries.lockout_parameters"  # the name, and a crowded address
AXES_CLIENT_IP_CALLABLE = "shiyu.lib.requests.client_address"
AXES_DISABLE_ACCESS_LOG = True  # sign-ins stand in the audit entries
# Wrong tries from one address, whatever names: high, because a whole office may stand behind one.
ADDRESS_FAILURE_LIMIT = int(os.environ.get("SHIYU_ADDRESS_FAILURES", "50"))
AXES_LOCKOUT_CALLABLE = "shiyu.people.views.locked_out"
AXES_RESET_ON_SUCCESS = True
IDLE_MINUTES = int(os.environ.get("SHIYU_IDLE_MINUTES", "30"))
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "shiyu.ui.views.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked by the server itself, without TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_HSTS_SECONDS = 31536000 if PRODUCTION else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- files ----------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns at every start where it is missing
WHITENOISE_USE_FINDERS = not PRODUCTION
MEDIA_ROOT = VAR / "files"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": MEDIA_ROOT},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
UPLOAD_LIMIT = 20 * 1024 * 1024  # bytes, one file
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # one page per unit and month holds many fields

# --- language and time ------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
FILTERS_EMPTY_CHOICE_LABEL = pgettext_lazy("filter", "All")
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- telling other systems (webhooks): which hosts, and whether also unencrypted or in the office's own network -----
WEBHOOK_HOSTS = [h.strip().lower() for h in os.environ.get("SHIYU_WEBHOOK_HOSTS", "").split(",") if h.strip()]
WEBHOOK_HTTP = os.environ.get("SHIYU_WEBHOOK_HTTP") == "1"
WEBHOOK_PRIVATE = os.environ.get("SHIYU_WEBHOOK_PRIVATE") == "1"

# --- notices ----------------------------------------------------------------------------------------------------
NOTICE_CHANNELS = [c for c in os.environ.get("SHIYU_NOTICE_CHANNELS", "").split(",") if c]
EMAIL_BACKEND = os.environ.get("SHIYU_EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST = os.environ.get("SHIYU_EMAIL_HOST", "localhost")
DEFAULT_FROM_EMAIL = os.environ.get("SHIYU_EMAIL_FROM", "shiyu@localhost")

# --- the main navigation: label, URL name, right that shows it (one of several; none: everybody who is signed in) ---
# Who handles matters may be in a city without plans: nobody there holds plan.view, and what belongs to plans is not shown.
SHIYU_MATTERS = ("plan.view", "matter.file", "matter.handle", "matter.view_all")
SHIYU_NAV = [
    (_("Today's work"), "desk", None),
    (_("Plans and tasks"), "plan_list", "plan.view"),
    (_("Three lists"), "three_lists", "plan.view"),
    (_("Monthly reports"), "report_overview", "plan.view"),
    (_("Matters"), "matter_list", SHIYU_MATTERS),
    (_("Letters"), "letter_list", SHIYU_MATTERS),
    (_("Mediation"), "mediation_list", "mediation.view"),
    (_("Meetings"), "meeting_list", ("plan.view", "meeting.run", "matter.handle")),
    (_("Progress wall"), "wall", "plan.view"),
    (_("Figures"), "figure_overview", "plan.view"),
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "shiyu.lib.log_lines.QuotesNoData"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": os.environ.get("SHIYU_LOG", "WARNING")},
}

# --- jobs -------------------------------------------------------------------------------------------------------
PROCRASTINATE_IMPORT_PATHS = ["shiyu.wiring"]

# The user menu: label, URL name, right.
SHIYU_MENU = [
    (_("My account"), "account", None),
    (_("API tokens"), "token_list", None),
    (_("Units"), "unit_list", ("plan.view", "matter.handle", "matter.view_all")),
    (_("Archive boxes"), "box_list", "plan.view"),
    (_("Instructions"), "instruction_list", ("plan.view", "instruction.register")),
    (_("Emergency responses"), "surge_list", ("surge.view", "surge.open", "surge.run")),
    (_("Guidelines"), "guideline_list", "plan.view"),
    (_("Readiness"), "readiness", "plan.view"),
    (_("Periods"), "period_list", "period.lock"),
    (_("Deleted personal data"), "destruction_list", "matter.approve"),
    (_("Accounts"), "user_list", "users.manage"),
    (_("Connected systems"), "system_list", "users.manage"),
    (_("Security"), "security", "security.manage"),
    (_("Audit entries"), "audit_list", "audit.read"),
    (_("City pack"), "pack_list", "pack.load"),
    (_("Background work"), "job_list", None),
]
