"""XMP (ISO 16684-1): RDF in XML, written by newer programs."""

from xml.etree import ElementTree

from PIL.ImageFile import ImageFile

from images.papers_raw import RawPapers, read_day

MAX_BYTES = 256 * 1024

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_PHOTOSHOP = "{http://ns.adobe.com/photoshop/1.0/}"
_RIGHTS = "{http://ns.adobe.com/xap/1.0/rights/}"
_EXIF = "{http://ns.adobe.com/exif/1.0/}"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
# Where a licence says when it ends: PLUS Coalition, and PRISM as picture agencies write it.
_EXPIRES = (
    "{http://ns.useplus.org/ldf/xmp/1.0/}LicenseEndDate",
    "{http://prismstandard.org/namespaces/prismusagerights/2.1/}expirationDate",
    "{http://prismstandard.org/namespaces/basic/2.0/}expirationDate",
    "{http://prismstandard.org/namespaces/basic/2.1/}expirationDate",
    f"{_RIGHTS}ExpirationDate",
)


def read_xmp(picture: ImageFile) -> RawPapers:
    packet = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp") or b""
    root = _root(packet.encode() if isinstance(packet, str) else bytes(packet))
    if root is None:
        return RawPapers()

    def first(*names: str) -> str:
        return next((text for name in names for text in _items(root, name)), "")

    return RawPapers(
        caption=first(f"{_DC}description"),
        headline=first(f"{_PHOTOSHOP}Headline", f"{_DC}title"),
        author=", ".join(_items(root, f"{_DC}creator")),
        agency=first(f"{_PHOTOSHOP}Credit"),
        keywords=tuple(_items(root, f"{_DC}subject")),
        city=first(f"{_PHOTOSHOP}City"),
        country=first(f"{_PHOTOSHOP}Country"),
        copyright=first(f"{_DC}rights"),
        terms=first(f"{_RIGHTS}UsageTerms"),
        taken_on=read_day(first(f"{_PHOTOSHOP}DateCreated", f"{_EXIF}DateTimeOriginal")),
        rights_until=read_day(first(*_EXPIRES)),
    )


def _root(raw: bytes) -> ElementTree.Element | None:
    """None where it is broken, too large, or declares entities, which unfold to gigabytes or read files."""
    if len(raw) > MAX_BYTES:
        return None
    try:
        text = raw.decode("utf-8").strip("\ufeff \t\r\n\0")
        # They are declared in a document type, nowhere else.
        if not text or "<!DOCTYPE" in text or "<!ENTITY" in text:
            return None
        return ElementTree.fromstring(text)  # noqa: S314 - see above
    except (UnicodeDecodeError, ElementTree.ParseError, ValueError):
        return None


def _items(root: ElementTree.Element, name: str) -> list[str]:
    """Return the values of a property, Arabic first, whether it is written as list, element or attribute."""
    # Two levels down and no deeper: of properties one in the other each would count the items of all within it.
    items = [item for element in root.iter(name) for item in element.iterfind(f"*/{_RDF}li")]
    items.sort(key=lambda item: not item.get(_LANGUAGE, "").startswith("ar"))
    found = [item.text or "" for item in items]
    found += [element.text or "" for element in root.iter(name)]
    found += [element.get(name, "") for element in root.iter(f"{_RDF}Description")]
    return [text.strip() for text in found if text.strip()]
