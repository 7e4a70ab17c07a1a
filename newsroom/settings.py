"""One settings file. Safe by default; every value that differs between machines is an environment variable.

`.env.example` lists the variables.
"""

import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from newsroom.lib.cdn_setup import check_cdn
from newsroom.lib.database_setup import SQLITE, Limits, Manner, read_database_url, serves_pages
from newsroom.lib.distribution import refuse_distributed_tasks_without
from newsroom.lib.dkim_keys import read_dkim_key
from newsroom.lib.env import (
    env_address,
    env_addresses,
    env_bind,
    env_bool,
    env_choice,
    env_list,
    env_number,
    env_origin,
    env_origins,
    env_rates,
    env_secret,
    env_secrets,
    env_str,
    env_token,
)
from newsroom.lib.logs import FORMATS
from newsroom.lib.mail_setup import read_email_url, webhook_settings
from newsroom.lib.mailbox_address import read_mailbox_address
from newsroom.lib.media_setup import Bucket, media_storage
from newsroom.lib.redis_setup import caches_for, check_redis_url
from newsroom.lib.replica_setup import read_replica_urls
from newsroom.lib.weak_settings import (
    Doors,
    is_loopback,
    refuse_plain_http,
    refuse_sqlite_that_loses,
    refuse_unnamed_hosts,
    refuse_weak_database_password,
    refuse_weak_key,
)

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env_str("DATA_DIR") or BASE_DIR / "data")

DEBUG = env_bool("DEBUG", default=False)
TESTING = "pytest" in sys.modules

SITE_URL = env_origin("SITE_URL", "http://127.0.0.1:8000")
SITE_HOST = urlsplit(SITE_URL).hostname or ""
HTTPS = SITE_URL.startswith("https://")
LOOPBACK = is_loopback(SITE_HOST)
# A proxy in front sets the headers itself; without one nobody may claim https, or the address of somebody else.
BEHIND_PROXY = env_bool("BEHIND_PROXY", default=False)
_named_hosts = env_list("ALLOWED_HOSTS")
_doors = Doors(env_str("SITE_URL"), _named_hosts, env_str("BIND"), behind_proxy=BEHIND_PROXY)
# Not the same as SITE_URL alone: who has forgotten it is found by the others.
PUBLIC = _doors.are_open
refuse_plain_http(_doors, is_https=HTTPS)
if DEBUG and PUBLIC:
    raise ImproperlyConfigured(f"DEBUG=1 is for this machine alone, and others can reach the site: {_doors}.")

DEVELOPMENT_KEY = "for-development-only-never-for-a-site-that-others-can-reach"
SECRET_KEY = env_secret("SECRET_KEY") or (DEVELOPMENT_KEY if DEBUG or TESTING else "")
refuse_weak_key(SECRET_KEY, is_public=PUBLIC, known=DEVELOPMENT_KEY)
SECRET_KEY_FALLBACKS = env_secrets("SECRET_KEY_FALLBACKS")
for _key in SECRET_KEY_FALLBACKS:  # they open the same doors
    refuse_weak_key(_key, is_public=PUBLIC, known=DEVELOPMENT_KEY, name="SECRET_KEY_FALLBACKS")

ALLOWED_HOSTS = _named_hosts or [SITE_HOST]
if LOOPBACK:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]"]
refuse_unnamed_hosts(ALLOWED_HOSTS)

# Order matters: templates and commands of our apps win over those of libraries.
INSTALLED_APPS = [
    "newsroom",
    "newsletter",
    "articles",
    "pages",
    "images",
    "richtext",
    "accounts",
    "audit",
    "tasks",
    "django_tasks",
    "django_tasks_db",
    "anymail",
    "taggit",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "ckeditor",
    "newsroom.apps.NewsroomAdminConfig",
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    # Gives each request its number and counts whatever answers.
    "newsroom.operating.requests.Measured",
    # The next two only add headers: outside everything that may answer by itself (redirects, static files, errors).
    "newsroom.middleware.security_headers",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "newsroom.middleware.refuse_null_bytes",
    "newsroom.middleware.refuse_methods",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "newsroom.middleware.maintenance",
    "newsroom.middleware.no_room",
    # ETag of what is in an answer, and 304 for who has it; nothing that must not be stored gets one.
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "audit.middleware.origin",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Right after it: nothing may see a user who still owes the second factor.
    "accounts.middleware.second_factor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "articles.middleware.copies",
    "pages.middleware.current_site",
    "pages.middleware.dated",
    "pages.middleware.redirects",
    "articles.middleware.straight_addresses",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"

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
                "pages.context_processors.site",
            ],
        },
    }
]
# Our own widget templates (the editor) live beside the others.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Limits of a statement, of waiting for a lock and of an idle transaction: short where a reader waits, long in tasks and
# commands. On PostgreSQL alone; SQLite waits 20 seconds for a writer.
DB_BOUNCER = env_bool("DB_BOUNCER", default=False)
WEB_THREADS = int(env_number("WEB_THREADS", 8, least=1, most=256))
DB_STATEMENT_SECONDS = env_number("DB_STATEMENT_SECONDS", 5, least=0, most=300)
DB_LOCK_SECONDS = env_number("DB_LOCK_SECONDS", 3, least=0, most=300)
DB_TASK_STATEMENT_SECONDS = env_number("DB_TASK_STATEMENT_SECONDS", 900, least=0, most=86_400)
SERVES_PAGES = serves_pages()
DB_MANNER = Manner(
    limits=(
        Limits(statement=DB_STATEMENT_SECONDS, lock=DB_LOCK_SECONDS, idle=15)
        if SERVES_PAGES
        else Limits(statement=DB_TASK_STATEMENT_SECONDS, lock=0, idle=DB_TASK_STATEMENT_SECONDS)
    ),
    bouncer=DB_BOUNCER,
    # A connection for each thread that answers, and for those that count reads.
    pool=WEB_THREADS + 4 if env_bool("DB_POOL", default=False) else 0,
    name="newsroom-web" if SERVES_PAGES else "newsroom-task",
)
_database_url = env_secret("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'newsroom.sqlite3'}"
DATABASES = {"default": read_database_url(_database_url, DB_MANNER)}
if DATABASES["default"]["ENGINE"] == SQLITE:
    # Threads (the live server of the browser tests) need a file: the in-memory database locks between them.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
# Copies that visitors read (newsroom.lib.replicas).
_replicas = read_replica_urls(env_secret("REPLICA_URLS"), DB_MANNER, engine=DATABASES["default"]["ENGINE"])
DATABASES |= _replicas
if _replicas:
    DATABASE_ROUTERS = ["newsroom.lib.replicas.Router"]
    MIDDLEWARE.insert(
        MIDDLEWARE.index("django.contrib.sessions.middleware.SessionMiddleware"),
        "newsroom.replica_reading.replica_reading",
    )
# Whether changes are told to other machines, and those of others looked for (pages.neighbours).
TELLS_MACHINES = DATABASES["default"]["ENGINE"] != SQLITE and not TESTING
if PUBLIC:
    refuse_sqlite_that_loses(DATABASES["default"]["ENGINE"])
    for _alias, _database in DATABASES.items():
        refuse_weak_database_password(_database, name="REPLICA_URLS" if _alias in _replicas else "DATABASE_URL")
# What is kept of pages: all of them for readers who are not signed in (newsroom.page_cache), parts of them
# (newsroom.lib.keeping), or nothing. Who changes templates wants to see it at once.
PAGE_CACHE = env_choice("PAGE_CACHE", ("on", "parts", "off"), "off" if DEBUG or TESTING else "on")
# What the pages that one process keeps may weigh; those asked for least lately make room.
PAGE_CACHE_MB = env_number("PAGE_CACHE_MB", 32, least=1, most=4096)
# Proxies in front that keep copies, told of each change (articles.refreshing), and the secret by which they know us.
CACHE_REFRESH_URLS = env_origins("CACHE_REFRESH_URLS")
CACHE_REFRESH_TOKEN = env_token("CACHE_REFRESH_TOKEN")
if CACHE_REFRESH_URLS and not CACHE_REFRESH_TOKEN:
    raise ImproperlyConfigured("CACHE_REFRESH_URLS needs CACHE_REFRESH_TOKEN (or CACHE_REFRESH_TOKEN_FILE).")
# Names of what a page shows in its headers, for a CDN that puts copies away by them, and where it is called.
SURROGATE_KEYS = env_bool("SURROGATE_KEYS", default=False)
CDN_PURGE_URL = env_str("CDN_PURGE_URL")
CDN_PURGE_TOKEN = env_secret("CDN_PURGE_TOKEN")
check_cdn(CDN_PURGE_URL, CDN_PURGE_TOKEN)
# One cache for all machines; without it, one for each process, and what counts a read once (articles.read_filter) in
# memory of the machine.
REDIS_URL = check_redis_url(env_secret("REDIS_URL"))
CACHES = caches_for(REDIS_URL)

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"
# The first refuses to look at a password where too many were wrong, the second looks.
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "accounts.backends.StaffBackend"]

# Five wrong passwords for one name from one address close that door for a quarter of an hour, counted in the database
# for all processes. accounts/throttling.py knows what a name and an address are, and limits an address over all names.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "accounts.throttling.normalise_name"
AXES_CLIENT_IP_CALLABLE = "accounts.throttling.client_network"
AXES_LOCKOUT_CALLABLE = "accounts.throttling.keep_answer"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
# The log of deeds says who signed in; the counts are no page of the admin.
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# How the app on the telephone names us.
OTP_TOTP_ISSUER = SITE_HOST

LANGUAGE_CODE = "ar"
LANGUAGES = [("ar", _("Arabic"))]
LOCALE_PATHS = [BASE_DIR / "newsroom" / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = ["newsroom.formats"]
TIME_ZONE = "UTC"  # what is stored and logged; pages.SiteSettings says what is shown
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(env_str("STATIC_ROOT") or BASE_DIR / "staticfiles")
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env_str("MEDIA_ROOT") or DATA_DIR / "media")
# Instead of that folder, for several machines. Texts name pictures by MEDIA_URL wherever these lie.
S3_PUBLIC_URL = env_origin("S3_PUBLIC_URL", "") if env_str("S3_PUBLIC_URL") else ""
_bucket = Bucket(
    name=env_str("S3_BUCKET"),
    endpoint=env_origin("S3_ENDPOINT_URL", "") if env_str("S3_ENDPOINT_URL") else "",
    region=env_str("S3_REGION"),
    access_key=env_secret("S3_ACCESS_KEY"),
    secret_key=env_secret("S3_SECRET_KEY"),
    public_url=S3_PUBLIC_URL,
)
STORAGES = {
    "default": media_storage(_bucket),
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG or TESTING
            else "newsroom.staticfiles.BundledStaticFilesStorage"
        )
    },
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Off, /sw.js is a worker that takes itself away from the readers who have it.
SERVICE_WORKER = env_bool("SERVICE_WORKER", default=True)
# A picture of 10 MB and the form round it.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o644

TAGGIT_CASE_INSENSITIVE = True
TAGGIT_TAGS_FROM_STRING = "articles.tagging.parse_tags"

# Whether links that lead out of the site are asked if they still answer (articles.link_checking).
LINK_CHECKS = env_bool("LINK_CHECKS", default=True)

# ckeditor: the widget in article forms; plain: a text area, for a newsroom that refuses CKEditor 4.
EDITOR = env_choice("EDITOR", ("ckeditor", "plain"), "ckeditor")
# CKEditor 4.22.1 is out of support; docs/decisions/0002-rich-text-editor.md says why it is used and what hardens it.
SILENCED_SYSTEM_CHECKS = ["ckeditor.W001"]

# Tasks: in the database for one machine, by Procrastinate on PostgreSQL for several.
TASKS_ENGINE = env_choice("TASKS_ENGINE", ("embedded", "postgres"), "embedded")
if TASKS_ENGINE == "postgres":
    refuse_distributed_tasks_without(DATABASES["default"]["ENGINE"])
    INSTALLED_APPS.append("procrastinate.contrib.django")
    TASKS = {"default": {"BACKEND": "tasks.procrastinate_backend.ProcrastinateBackend", "QUEUES": []}}
    PROCRASTINATE_ON_APP_READY = "tasks.distributed.register"
    # Modules of that name hold tasks of the common API, which it need not know.
    PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
else:
    TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
# Processes that run tasks, and how often an idle one looks whether there is something to do.
WORKER_CONCURRENCY = int(env_number("WORKER_CONCURRENCY", 2, least=1, most=64))
WORKER_HEARTBEAT_SECONDS = env_number("WORKER_HEARTBEAT_SECONDS", 10, least=0.1, most=60)
WORKER_POLL_SECONDS = env_number("WORKER_POLL_SECONDS", 0.5, least=0.05, most=60)

# Mail: by the SMTP server or the provider that EMAIL_URL names, else one .eml file per message under DATA_DIR/mail,
# which the admin shows.
MAIL_FOLDER = DATA_DIR / "mail"
MAIL_PROVIDER = ""  # its name in newsroom.lib.mail_setup; '' for SMTP and for files
ANYMAIL: dict[str, object] = {}
if _email_url := env_secret("EMAIL_URL"):
    _mail = read_email_url(_email_url)
    EMAIL_BACKEND, MAIL_PROVIDER, ANYMAIL = _mail.backend, _mail.provider, _mail.anymail
    EMAIL_HOST, EMAIL_PORT = _mail.host, _mail.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
    EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.starts_tls, _mail.is_tls
else:
    EMAIL_BACKEND = "newsroom.lib.mail.EmlFileBackend"
# By these the reports of a provider are believed (newsletter.returns).
ANYMAIL |= webhook_settings(
    MAIL_PROVIDER, secret=env_secret("WEBHOOK_SECRET"), signing_key=env_secret("WEBHOOK_SIGNING_KEY")
)
EMAIL_TIMEOUT = 5  # seconds: a silent mail server must not hold a reader's request
# Stands for addresses after they were erased (newsletter.address_keys), so it must outlive every change of SECRET_KEY.
SUPPRESSION_KEY = env_secret("SUPPRESSION_KEY") or [SECRET_KEY, *SECRET_KEY_FALLBACKS][-1]
# Where mail servers report what they could not deliver: news.bounces@example.org, told apart by what follows a "+".
BOUNCE_ADDRESS = env_address("BOUNCE_ADDRESS")
BOUNCE_MAILBOX = read_mailbox_address(env_secret("BOUNCE_MAILBOX"))  # where that mail lies, when it is ours to read
# Signed here only when the mail server does not sign: selector and domain as in the DNS, key in PEM.
DKIM_SELECTOR = env_str("DKIM_SELECTOR")
DKIM_DOMAIN = env_str("DKIM_DOMAIN")
DKIM_KEY = env_secret("DKIM_KEY")
if any((DKIM_SELECTOR, DKIM_DOMAIN, DKIM_KEY)) and not all((DKIM_SELECTOR, DKIM_DOMAIN, DKIM_KEY)):
    raise ImproperlyConfigured("DKIM_SELECTOR, DKIM_DOMAIN and DKIM_KEY belong together: give all three or none.")
if DKIM_KEY:
    read_dkim_key(DKIM_KEY)
DEFAULT_FROM_EMAIL = env_address("DEFAULT_FROM_EMAIL", f"newsroom@{SITE_HOST}", with_name=True)
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Sending the newsletter: senders at one issue (on all machines), connections of each, messages that one holds.
NEWSLETTER_SENDERS = int(env_number("NEWSLETTER_SENDERS", 2, least=1, most=64))
NEWSLETTER_CONNECTIONS = int(env_number("NEWSLETTER_CONNECTIONS", 4, least=1, most=64))
NEWSLETTER_BATCH = int(env_number("NEWSLETTER_BATCH", 200, least=1, most=5000))
# Seconds: how long a sender holds them, works before other tasks have their turn, waits for the mail server's answer to
# a message, and rests after a first refusal for now.
NEWSLETTER_LEASE_SECONDS = env_number("NEWSLETTER_LEASE_SECONDS", 90, least=8, most=3600)
NEWSLETTER_SLICE_SECONDS = env_number("NEWSLETTER_SLICE_SECONDS", 20, least=1, most=600)
NEWSLETTER_REPLY_SECONDS = env_number("NEWSLETTER_REPLY_SECONDS", 60, least=0.1, most=600)
NEWSLETTER_RETRY_SECONDS = env_number("NEWSLETTER_RETRY_SECONDS", 60, least=0.1, most=3600)
# Messages in a second: through the mail server, and to single domains (name=number, * for all others). 0: no limit.
NEWSLETTER_RATE = env_number("NEWSLETTER_RATE", 0, least=0, most=100_000)
NEWSLETTER_DOMAIN_RATE = env_rates("NEWSLETTER_DOMAIN_RATE")
# Days until an issue that notes opens and clicks by name forgets the names; the sums stay.
NEWSLETTER_NAMES_DAYS = int(env_number("NEWSLETTER_NAMES_DAYS", 90, least=1, most=3650))
# What senders keep outside of the database, on a disk of this machine: what a process that dies has already sent.
SENDERS_FOLDER = DATA_DIR / "senders"
# Where `manage.py backup` puts what it makes; better on another disk than the data.
BACKUP_FOLDER = Path(env_str("BACKUP_FOLDER") or DATA_DIR / "backups")

SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_COOKIE_HTTPONLY = False  # the desk's scripts read it: a form's own is older than a sign-in in another tab
CSRF_FAILURE_VIEW = "newsroom.views.csrf_failure"
# The site is a whole host: no header says where in it its addresses begin (gunicorn would believe one of a proxy).
FORCE_SCRIPT_NAME = ""
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = HTTPS
# A mail program that unsubscribes must not be redirected (RFC 8058, 3.1).
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$", r"^newsletter/unsubscribe/"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Of another host when readers get pictures from the bucket.
PICTURE_ORIGINS = [S3_PUBLIC_URL] if S3_PUBLIC_URL and _bucket.name else []
# The names are those of Django 6.0, so that its own middleware can take over.
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:", *PICTURE_ORIGINS],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "media-src": ["'self'", *PICTURE_ORIGINS],
    "manifest-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "object-src": ["'none'"],
    "frame-ancestors": ["'none'"],
}

# What the site says of itself: lines for people, or JSON for what collects logs; one for each request if asked for.
LOG_FORMAT = env_choice("LOG_FORMAT", FORMATS, "line")
ACCESS_LOG = env_bool("ACCESS_LOG", default=False)
# Milliseconds from which a query is written down, without its values; 0: none is.
SLOW_QUERY_MS = env_number("SLOW_QUERY_MS", 500, least=0, most=600_000)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"ours": {"()": "newsroom.lib.logs.formatter_of", "name": LOG_FORMAT}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "ours"}},
    "root": {
        "handlers": ["console"],
        "level": env_choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO"),
    },
    "loggers": {
        # Its own handlers write lines of their own shape, and mail whole requests to ADMINS.
        "django": {"level": "INFO", "handlers": []},
        # They would write a line for each step of each attempt.
        "axes": {"level": "WARNING"},
        "procrastinate": {"level": "WARNING"},
    },
}
# Where processes of this machine leave what they counted, and where Prometheus may ask for it: 127.0.0.1:9101.
METERS_FOLDER = DATA_DIR / "meters"
METRICS_BIND = env_bind("METRICS_BIND")
# Errors go there too, where sentry-sdk is installed (the extra "sentry").
SENTRY_DSN = env_secret("SENTRY_DSN")
# Who is told by mail of what needs a person; empty: the administrators of the site.
ALERT_EMAILS = env_addresses("ALERT_EMAILS")
