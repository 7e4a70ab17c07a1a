"""The proxy without containers: `python -m deploy.proxy FOLDER` writes FOLDER/nginx.conf and becomes nginx.

It reads what the site reads (SITE_URL, DATA_DIR, MEDIA_ROOT, STATIC_ROOT, CACHE_REFRESH_TOKEN), PROXY_PORT, where it
listens at this machine alone, PROXY_SERVERS, the addresses of the web servers, and what of `settings` is given.
"""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from deploy.render import render

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
# In Debian it is on the path of administrators only.
NGINX = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")


def settings(folder: Path, given: Mapping[str, str]) -> dict[str, str]:
    """The values of nginx.conf.template; what `given` names is taken from there."""
    site = urlsplit(given.get("SITE_URL") or "http://127.0.0.1:8080")
    data = Path(given.get("DATA_DIR") or ROOT / "data").resolve()
    servers = given.get("PROXY_SERVERS") or f"127.0.0.1:{given.get('PORT') or 8000}"
    values = {
        "CACHE_REFRESH_TOKEN": "",
        "PROXY_ACCESS_LOG": "off",
        "PROXY_BELIEVES": "unix:",
        "PROXY_CACHE": str(folder / "cache"),
        "PROXY_CACHE_SIZE": "256m",
        "PROXY_EXTRA": str(folder / "extra"),
        "PROXY_HOSTS": site.hostname or "",
        "PROXY_LISTEN": f"127.0.0.1:{given.get('PROXY_PORT') or 8080}",
        # Without it the processes that answer would be those of nobody, who may not read our folders.
        "PROXY_MAIN": "user root;" if os.geteuid() == 0 else "",
        "PROXY_MEDIA": given.get("MEDIA_ROOT") or str(data / "media"),
        "PROXY_PAGES": str(HERE / "nginx" / "pages"),
        "PROXY_PLAIN_SCHEME": site.scheme,
        "PROXY_RESOLVER": "",
        "PROXY_RUN": str(folder),
        "PROXY_STATIC": given.get("STATIC_ROOT") or str(ROOT / "staticfiles"),
        "PROXY_WORKERS": "auto",
        "SITE_NETLOC": site.netloc,
        "SITE_SCHEME": site.scheme,
    }
    values |= {name: given[name] for name in values if given.get(name)}
    return values | {"PROXY_SERVERS": " ".join(f"server {server} max_fails=0;" for server in servers.split())}


def prepare(folder: Path, given: Mapping[str, str]) -> Path:
    """Write the configuration into `folder`, and what it needs. Return its path."""
    folder = folder.resolve()
    for name in ("", "cache", "extra"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    target = folder / "nginx.conf"
    render(HERE / "nginx" / "nginx.conf.template", target, settings(folder, given))
    return target


def command(configuration: Path) -> list[str]:
    """Stays in the foreground; SIGTERM ends it at once, SIGQUIT after what it is answering."""
    return [NGINX or "nginx", "-e", "stderr", "-p", str(configuration.parent), "-c", str(configuration)]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m deploy.proxy FOLDER")
    arguments = command(prepare(Path(sys.argv[1]), os.environ))
    try:
        os.execvp(arguments[0], arguments)  # noqa: S606 - what PATH finds
    except FileNotFoundError:
        sys.exit("nginx is not installed; on Debian: sudo apt install nginx-light")
