"""Where the texts for the importer are."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures" / "texts"
SEEDS = ROOT.parent / "shared" / "seeds"

fixture_texts = pytest.mark.parametrize(
    "path", [pytest.param(path, id=path.stem) for path in sorted(FIXTURES.glob("*.txt"))]
)


def seed(number: str) -> bytes:
    """One of the two real texts, which stay outside of the repository."""
    found = sorted(SEEDS.glob(f"{number}_*.txt")) if SEEDS.is_dir() else []
    if not found:
        pytest.skip("The real texts are not beside the repository.")
    return found[0].read_bytes()
