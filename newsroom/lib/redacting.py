"""Takes out of a line of the log what may be somebody's: addresses, what was asked for, secrets.

It errs on the safe side. Nothing here makes it right to log such things; libraries and tracebacks do.
"""

import ipaddress
import re

HIDDEN = "[…]"

# As in the log of the proxy (deploy/nginx): what follows is the secret by which somebody is known.
SECRET_PLACES = r"preview|partners|calendar|newsletter/[a-z-]{1,40}"  # noqa: S105 - names of places
# Each looks at a letter only so often, however long a text is made to be.
_SECRET_PATH = re.compile(rf"(/(?:{SECRET_PLACES})/)[^\s/\"'<>?#]+")
_PASSWORD_IN_ADDRESS = re.compile(r"(\b[a-z][a-z0-9+.-]{1,20}://)[^\s/@]{0,500}@", re.IGNORECASE)
_IN_MAIL = r"[^\s@<>\"'(),;:=\[\]\\]"
# In an address of a page the @ is %40, and %2540 where that stands in another one.
_MAIL = re.compile(rf"{_IN_MAIL}{{1,64}}(?:@|%(?:25){{0,2}}40){_IN_MAIL}{{0,255}}")
_QUERY = re.compile(r"(?<=[\w/%.-])\?[\w%&=+.-][^\s\"'<>]*")
# A header or a field by its name, as tracebacks and libraries print them.
_NAMED = re.compile(
    r"(?i)\b(authorization|cookie|set-cookie|password|passwd|secret|token|sessionid|csrftoken|api[-_]?key)"
    r"([\"']?\s{0,5}[:=]\s{0,5}[\"']?)(?:(?:bearer|basic)\s{1,5})?[^\s\"',;&}]+"
)
_TOKEN = re.compile(r"(?<![\w-])(?=[\w-]*[0-9])(?=[\w-]*[A-Z])(?=[\w-]*[a-z])[\w-]{22,}(?![\w-])", re.ASCII)
_HEX = re.compile(r"(?<![\w-])[0-9a-f]{40,}(?![\w-])")
# A key of a session as Django makes it. One with the letters of hexadecimal numbers alone is the name of a picture, or
# the number of a request.
_SESSION = re.compile(r"(?<![\w-])(?=[a-z0-9]{0,31}[0-9])(?=[a-z0-9]{0,31}[g-z])[a-z0-9]{32}(?![\w-])")
_V4 = re.compile(r"(?<![\w.-])\d{1,3}(?:\.\d{1,3}){3}(?![\w-])")
_V6 = re.compile(r"(?<![\w:])[0-9a-fA-F]{0,4}:[0-9a-fA-F:]{1,39}(?!\w)")


def redacted(text: str) -> str:
    text = _PASSWORD_IN_ADDRESS.sub(rf"\1{HIDDEN}@", text)
    text = _SECRET_PATH.sub(rf"\1{HIDDEN}", text)
    text = _QUERY.sub(f"?{HIDDEN}", text)
    text = _NAMED.sub(rf"\1\2{HIDDEN}", text)
    text = _MAIL.sub(HIDDEN, text)
    text = _TOKEN.sub(HIDDEN, text)
    text = _SESSION.sub(HIDDEN, _HEX.sub(HIDDEN, text))
    return _V6.sub(_address, _V4.sub(_address, text))


def _address(found: re.Match[str]) -> str:
    """An address of the network of somebody; that of this machine itself is nobody's."""
    told = found[0] if found[0].endswith("::") else found[0].rstrip(":")
    try:
        address = ipaddress.ip_address(told)
    except ValueError:
        return found[0]
    return found[0] if address.is_loopback or address.is_unspecified else HIDDEN
