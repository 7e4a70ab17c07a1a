"""Picture files made on the spot, with whatever a test wants in them."""

from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image as Pixels

XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 photoshop:Credit="وكالة الساحل">
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">Harbour</rdf:li>
<rdf:li xml:lang="ar">رصيف الميناء</rdf:li></rdf:Alt></dc:description>
<dc:creator><rdf:Seq><rdf:li>سلمى عطار</rdf:li></rdf:Seq></dc:creator>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""


def picture_file(
    name: str = "picture.jpg", size: tuple[int, int] = (400, 300), mode: str = "RGB", **options: object
) -> ContentFile:
    """A picture as somebody would upload it; its format follows from the name, options go to Pillow."""
    formats = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF", "avif": "AVIF"}
    picture = Pixels.linear_gradient("L").resize(size).convert(mode)
    buffer = BytesIO()
    picture.save(buffer, formats[name.rsplit(".", 1)[1].lower()], **options)
    return ContentFile(buffer.getvalue(), name=name)


def with_iptc(raw: bytes, records: dict[tuple[int, int], bytes]) -> bytes:
    """Put IPTC records into a JPEG, as agencies' tools do: in a Photoshop block of segment APP13."""
    data = b"".join(
        b"\x1c" + bytes(key) + len(value).to_bytes(2, "big") + value for key, value in sorted(records.items())
    )
    block = b"8BIM\x04\x04\x00\x00" + len(data).to_bytes(4, "big") + data + b"\0" * (len(data) % 2)
    segment = b"Photoshop 3.0\0" + block
    return raw[:2] + b"\xff\xed" + (len(segment) + 2).to_bytes(2, "big") + segment + raw[2:]
