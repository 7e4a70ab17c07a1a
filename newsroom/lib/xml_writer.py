"""Writing XML that is well-formed whatever stands in the texts."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

from django.utils.xmlutils import SimplerXMLGenerator

# Outside the production Char of XML 1.0 (5th edition, 2.2): no escape makes them well-formed.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    """A text without the characters that XML cannot hold; Django's own generator would refuse the whole feed."""
    return _FORBIDDEN.sub("", text)


class Writer(SimplerXMLGenerator):
    """An XML document in memory, or a part of one (`is_part`), which `add` puts into its place."""

    def __init__(self, *, is_part: bool = False) -> None:
        self._buffer = StringIO()
        super().__init__(self._buffer, "utf-8", short_empty_elements=True)
        if not is_part:
            self.startDocument()

    def characters(self, content: str) -> None:
        super().characters(printable(content))

    def startElement(self, name: str, attrs: Any) -> None:
        cleaned: Any = {key: printable(str(value)) for key, value in attrs.items()}
        super().startElement(name, cleaned)

    @contextmanager
    def element(self, name: str, attrs: dict[str, str] | None = None) -> Iterator[None]:
        """An element round what is written within."""
        self.startElement(name, attrs or {})
        yield
        self.endElement(name)

    def text(self, name: str, text: str, **attrs: str) -> None:
        """An element with text in it."""
        self.addQuickElement(name, text, attrs)

    def texts(self, name: str, texts: Iterable[str]) -> None:
        """An element for each text."""
        for text in texts:
            self.text(name, text)

    def empty(self, name: str, **attrs: str) -> None:
        self.addQuickElement(name, None, attrs)

    def add(self, part: str) -> None:
        """What another writer has made."""
        self.ignorableWhitespace(part)

    def document(self) -> str:
        self.endDocument()
        return self._buffer.getvalue()
