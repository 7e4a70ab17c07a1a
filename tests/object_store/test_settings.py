import os
from pathlib import Path

import pytest

from tests.newsroom.test_settings import KEY, start


def test_policy_lets_pictures_of_the_public_address_in_and_nothing_else(tmp_path: Path) -> None:
    if "PYTHONPATH" not in os.environ:
        pytest.skip("make test-s3")
    ask = "from django.conf import settings as s; print(s.SECURE_CSP['img-src'], s.SECURE_CSP['script-src'])"
    done = start(
        ask,
        PYTHONPATH=os.environ["PYTHONPATH"],
        DATA_DIR=str(tmp_path),
        SECRET_KEY=KEY,
        S3_BUCKET="pictures",
        S3_PUBLIC_URL="https://pictures.example",
    )
    assert done.stdout.strip() == """["'self'", 'data:', 'https://pictures.example'] ["'self'"]"""
