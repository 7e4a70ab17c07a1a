from collections.abc import Callable, Iterator

import pytest
from pytest_django import Settings

from newsroom.lib.media_setup import Bucket, media_storage
from tests.object_store.double import ACCESS_KEY, BUCKET, REGION, SECRET_KEY, Store, running_store

CDN = "https://pictures.example"


@pytest.fixture(scope="session")
def running() -> Iterator[Store]:
    pytest.importorskip("storages.backends.s3", exc_type=ImportError, reason="make test-s3")
    with running_store() as store:
        yield store


@pytest.fixture
def use(running: Store, settings: Settings) -> Callable[..., Store]:
    """Pictures lie in the store from here on; `secret` and `public_url` as in the settings."""

    def use_it(*, public_url: str = "", secret: str = SECRET_KEY, endpoint: str = "") -> Store:
        bucket = Bucket(BUCKET, endpoint or running.address, REGION, ACCESS_KEY, secret, public_url)
        settings.STORAGES = settings.STORAGES | {"default": media_storage(bucket)}
        return running

    running.files.clear()
    running.asked.clear()
    running.status = 0
    return use_it


@pytest.fixture
def store(use: Callable[..., Store]) -> Store:
    return use()
