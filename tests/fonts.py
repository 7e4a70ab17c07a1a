"""Makes the fonts in static/fonts from those that npm brings: `make fonts`, when letters or versions change.

Only letters that Arabic news need stay in them, so that three files weigh less than one of the originals. IBM has
reserved the name "Plex", so its subsets carry another (OFL 1.1, §3); the licences lie beside the files.
"""

from pathlib import Path

from fontTools import subset

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "tests" / "site" / "node_modules"
FOLDER = ROOT / "static" / "fonts"
TABLE = ROOT / "newsroom" / "lib" / "tables" / "letters.txt"

PLEX = "@ibm/plex-sans-arabic/fonts/complete/woff2/IBMPlexSansArabic-{}.woff2"
NASKH = "@fontsource/noto-naskh-arabic/files/noto-naskh-arabic-arabic-400-normal.woff2"
# Persian, Urdu and Kurdish letters stand in names; digits come in three shapes.
ARABIC = (
    "60C 61B 61F 621-63A 640-652 654-655 660-66D 670-671 679 67E 686 688 691 695 698 6A4 6A9 6AF 6B5 6BA 6BE 6C1 6C6 "
    "6CC 6CE 6D2 6D4-6D5 6F0-6F9 200C-200E 2010"
)
# English, and what French, German, Spanish and Nordic names need; the signs of numbers and money. Plex Sans Arabic has
# no Turkish ğ, İ and ş and no Slavonic letters: those come from the reader's own font.
LATIN = (
    "20-7E A0 A3 A9 AB B0 B2 B7 BB BD C4-C5 C7 C9 D6-D8 DC DF-E2 E4-EB ED-EF F1 F3-F4 F6-FA FC 131 153 "
    "2013-2014 2018-2019 201C-201D 2022 2026 2039-203A 20AC 2212"
)
FEATURES = "ccmp locl init medi fina isol rlig calt liga clig kern mark mkmk curs tnum".split()
# What a font says of itself: copyright, family, style, key, full name, version, PostScript name, licence.
KEPT_NAMES = [0, 1, 2, 3, 4, 5, 6, 13, 14]
OWN_NAMES = (1, 3, 4, 6)

HEAD = """# What the fonts in static/fonts can show: font | ranges of Unicode code points. Written by `make fonts`.
"""


def code_points(ranges: str) -> set[int]:
    found: set[int] = set()
    for part in ranges.split():
        first, _, last = part.partition("-")
        found |= set(range(int(first, 16), int(last or first, 16) + 1))
    return found


def make(source: str, target: str, *, letters: set[int], name: str = "") -> set[int]:
    """Write one font; returns the code points that it has."""
    options = subset.Options(
        flavor="woff2", hinting=False, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14], layout_features=FEATURES
    )
    font = subset.load_font(str(PACKAGES / source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)
    for record in font["name"].names:
        if name and record.nameID in OWN_NAMES:
            record.string = name.replace(" ", "") if record.nameID == 6 else name
    subset.save_font(font, str(FOLDER / target), options)
    return set(font.getBestCmap())


def ranges(points: set[int]) -> str:
    """`{0x20, 0x21, 0x41}` as "20-21 41"."""
    text: list[list[int]] = []
    for point in sorted(points):
        if text and text[-1][1] == point - 1:
            text[-1][1] = point
        else:
            text.append([point, point])
    return " ".join(f"{first:X}" if first == last else f"{first:X}-{last:X}" for first, last in text)


def main() -> None:
    letters = code_points(f"{ARABIC} {LATIN}")
    regular = make(PLEX.format("Regular"), "ui-400.woff2", letters=letters, name="Madar UI")
    bold = make(PLEX.format("Bold"), "ui-700.woff2", letters=letters, name="Madar UI Bold")
    text = make(NASKH, "text-400.woff2", letters=code_points(ARABIC))
    lines = (f"{font} | {ranges(points)}\n" for font, points in (("ui", regular & bold), ("text", text)))
    TABLE.write_text(HEAD + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
