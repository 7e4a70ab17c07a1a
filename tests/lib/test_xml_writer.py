"""XML that no text can break."""

from xml.etree import ElementTree as ET

import pytest

from newsroom.lib.xml_writer import Writer, printable


@pytest.mark.parametrize("sign", ["\0", "\x08", "\x0b", "\x1f", "\ud800", "\ufffe", "\uffff"])
def test_sign_that_xml_cannot_hold_is_taken_out(sign: str) -> None:
    xml = Writer()
    with xml.element("a", {"b": f"ق{sign}ل"}):
        xml.text("c", f"ق{sign}ل")
    found = ET.fromstring(xml.document().encode())
    assert (found.attrib, [child.text for child in found]) == ({"b": "قل"}, ["قل"])


def test_what_xml_can_hold_stays() -> None:
    text = "\t\n\r نص \u200f\ufffd\U0001f600"
    assert printable(text) == text


def test_signs_of_xml_are_escaped() -> None:
    xml = Writer()
    xml.text("a", "<b> & ]]>", c='"<')
    found = ET.fromstring(xml.document().encode())
    assert (found.text, found.attrib) == ("<b> & ]]>", {"c": '"<'})


def test_texts_and_empty_elements() -> None:
    xml = Writer()
    with xml.element("a"):
        xml.texts("b", ["1", "2"])
        xml.empty("c", d="e")
    assert xml.document().endswith('<a><b>1</b><b>2</b><c d="e"/></a>')
