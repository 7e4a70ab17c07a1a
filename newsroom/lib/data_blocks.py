"""JSON inside a page: a `<script>` that holds data for machines and never runs."""

import json
import re
from collections.abc import Mapping
from typing import Any

from django.utils.safestring import SafeString, mark_safe

# "<" could end the element or open a comment in it (HTML, script data state), U+2028 and U+2029 end a line in old
# JavaScript, and what is not seen can make the source of a page look like another one (Unicode annex 9).
_ESCAPED = re.compile(
    "[<>&\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def data_block(data: Mapping[str, Any], *, media_type: str = "application/ld+json") -> SafeString:
    """Return `data` as a data block. No text in it can leave the block or change how its source looks."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    escaped = _ESCAPED.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)
    # Nothing in it means anything to HTML any more.
    return mark_safe(f'<script type="{media_type}">{escaped}</script>')
