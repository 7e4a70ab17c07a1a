from newsletter.templatetags.cells import cells


def test_each_cell_of_a_row_keeps_its_own_direction() -> None:
    assert cells("ليلى,2024-01-01;x@example.com") == "<bdi>ليلى</bdi>,<bdi>2024-01-01</bdi>;<bdi>x@example.com</bdi>"


def test_cells_are_escaped() -> None:
    assert cells("<b>,") == "<bdi>&lt;b&gt;</bdi>,<bdi></bdi>"
