"""What no answer to a stranger may tell: how we are built, where we stand, what went wrong inside."""

import re

from tests.house.files import REPOSITORY

_SECRETS = {
    "a traceback": re.compile(rb"Traceback \(most|File \"[^\"]+\", line \d+|raise [A-Z]\w+\("),
    "a path of the machine": re.compile(
        re.escape(str(REPOSITORY)).encode() + rb"|/usr/(lib|local|share)/|site-packages"
    ),
    "a version": re.compile(rb"(nginx|gunicorn|django|python|werkzeug|openssl|sqlite|postgres\w*)/\d", re.IGNORECASE),
    "SQL": re.compile(
        rb"(OperationalError|DataError|ProgrammingError|IntegrityError|near \"|syntax error|SELECT .{0,80} FROM "
        rb"|articles_article|accounts_user|psycopg|unterminated quoted)"
    ),
    "a setting": re.compile(rb"SECRET_KEY\s*[=:]|DEBUG\s*=\s*True|DATABASES|INSTALLED_APPS|for-tests-only-"),
    "a file of ours": re.compile(rb"root:x:0:0|\[core\]\s|SQLite format 3|worker_processes|import django"),
    "a script that was sent": re.compile(rb"<script>alert\(1\)"),
}


def told_secrets(data: bytes) -> list[str]:
    """Their names."""
    return [name for name, pattern in _SECRETS.items() if pattern.search(data)]
