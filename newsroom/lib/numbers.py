"""Numbers that count something, as Arabic newspapers print them."""

from newsroom.lib.dates import PrintStyle, format_digits


def format_number(number: int, style: PrintStyle) -> str:
    """«١٬٢٣٤» or «1,234»: thousands apart by the sign that belongs to the digits (U+066C, CLDR for `ar`)."""
    text = format_digits(f"{number:,}", style)
    return text.replace(",", "٬") if style.digits == "arab" else text


def format_decimal(text: str, style: PrintStyle) -> str:
    """A number with a point, as Python writes it."""
    printed = format_digits(text, style)
    return printed.replace(".", "٫") if style.digits == "arab" else printed


def format_share(part: float, whole: float, style: PrintStyle, *, places: int = 0) -> str:
    """«٣٣٫٣٪» or «33.3%»; «—» of nothing."""
    if not whole:
        return "—"
    sign = "٪" if style.digits == "arab" else "%"
    return format_decimal(f"{100 * part / whole:.{places}f}", style) + sign
