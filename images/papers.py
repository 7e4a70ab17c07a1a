"""The words that photographers write into a picture file: IPTC (agencies) and XMP (newer programs)."""

from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from PIL import IptcImagePlugin
from PIL.ImageFile import ImageFile

from newsroom.lib.hygiene import clean_line, clean_text

MAX_XMP_BYTES = 256 * 1024

# IPTC Information Interchange Model, records 1:90 and 2:x.
_CHARACTER_SET = (1, 90)
_UTF_8 = b"\x1b%G"
_BYLINE, _CREDIT, _CAPTION = (2, 80), (2, 110), (2, 120)

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_PHOTOSHOP = "{http://ns.adobe.com/photoshop/1.0/}"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True)
class Papers:
    """What a file says about its picture; '' where it says nothing."""

    caption: str = ""
    credit: str = ""


def read_papers(picture: ImageFile) -> Papers:
    """Read caption and credit from an opened picture. Broken metadata count as none."""
    iptc, xmp = _read_iptc(picture), _read_xmp(picture)
    return Papers(
        caption=clean_text(iptc.caption or xmp.caption).strip()[:1000],
        credit=clean_line(iptc.credit or xmp.credit)[:200],
    )


def _read_iptc(picture: ImageFile) -> Papers:
    try:
        records: dict[tuple[int, int], Any] = IptcImagePlugin.getiptcinfo(picture) or {}
    except (SyntaxError, ValueError, KeyError, IndexError, TypeError, OSError):
        return Papers()
    is_utf_8 = records.get(_CHARACTER_SET) == _UTF_8
    words = {key: _decode(records.get(key), is_utf_8=is_utf_8) for key in (_CAPTION, _BYLINE, _CREDIT)}
    return Papers(caption=words[_CAPTION], credit=_join(words[_BYLINE], words[_CREDIT]))


def _decode(value: bytes | list[bytes] | None, *, is_utf_8: bool) -> str:
    raw = b", ".join(value) if isinstance(value, list) else value or b""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        # Older Arabic agency tools write Windows-1256 and do not say so.
        return raw.decode("utf-8" if is_utf_8 else "cp1256", errors="replace")


def _read_xmp(picture: ImageFile) -> Papers:
    packet = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp") or b""
    raw = packet.encode() if isinstance(packet, str) else bytes(packet)
    try:
        text = raw.decode("utf-8").strip("\ufeff \t\r\n\0")
        # Entities that unfold to gigabytes or read files are declared in a document type, nowhere else.
        if not text or len(raw) > MAX_XMP_BYTES or "<!DOCTYPE" in text or "<!ENTITY" in text:
            return Papers()
        root = ElementTree.fromstring(text)  # noqa: S314 - see above
    except (UnicodeDecodeError, ElementTree.ParseError, ValueError):
        return Papers()
    creator = ", ".join(_items(root, f"{_DC}creator"))
    agency = next(iter(_items(root, f"{_PHOTOSHOP}Credit")), "")
    return Papers(caption=next(iter(_items(root, f"{_DC}description")), ""), credit=_join(creator, agency))


def _items(root: ElementTree.Element, name: str) -> list[str]:
    """Return the values of a property, Arabic first, whether it is written as list, element or attribute."""
    items = [item for element in root.iter(name) for item in element.iter(f"{_RDF}li")]
    items.sort(key=lambda item: not item.get(_LANGUAGE, "").startswith("ar"))
    found = [item.text or "" for item in items]
    found += [element.text or "" for element in root.iter(name)]
    found += [element.get(name, "") for element in root.iter(f"{_RDF}Description")]
    return [text.strip() for text in found if text.strip()]


def _join(author: str, agency: str) -> str:
    """«سلمى / وكالة»: the form in which credits are printed."""
    author, agency = author.strip(), agency.strip()
    return " / ".join(dict.fromkeys(part for part in (author, agency) if part))
