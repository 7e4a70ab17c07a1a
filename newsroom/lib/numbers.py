"""Numbers that count something, as Arabic newspapers print them."""

from newsroom.lib.dates import PrintStyle, format_digits


def format_number(number: int, style: PrintStyle) -> str:
    """«١٬٢٣٤» or «1,234»: thousands apart by the sign that belongs to the digits (U+066C, CLDR for `ar`)."""
    text = format_digits(f"{number:,}", style)
    return text.replace(",", "٬") if style.digits == "arab" else text
