"""A reader of iCalendar that knows nothing of our writer."""

import re

Properties = dict[str, str]


def read_calendar(data: bytes) -> tuple[Properties, list[Properties]]:
    """The properties of the calendar and of each event, unfolded and unescaped; parameters stay with the name.

    Raises ValueError for what RFC 5545 forbids.
    """
    if not data.endswith(b"\r\n"):
        raise ValueError("the last line has no end")
    lines = re.sub(rb"\r\n[ \t]", b"", data).decode().split("\r\n")[:-1]
    calendar: Properties = {}
    events: list[Properties] = []
    inside: list[str] = []
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not re.fullmatch(r"[A-Z-]+(;[A-Z-]+=[^:;]+)*", name):
            raise ValueError(line)
        if name == "BEGIN":
            inside.append(value)
            events += [{}] if value == "VEVENT" else []
        elif name == "END":
            if inside.pop() != value:
                raise ValueError(line)
        else:
            properties = events[-1] if inside[-1] == "VEVENT" else calendar
            if name in properties:
                raise ValueError(f"twice: {line}")
            properties[name] = value if name == "URL" else _unescaped(value)
    if inside:
        raise ValueError(f"open: {inside}")
    return calendar, events


def _unescaped(value: str) -> str:
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], value)
