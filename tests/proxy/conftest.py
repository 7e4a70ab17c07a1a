"""nginx in front of a double of the application, and in front of the site itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.proxy import NGINX
from tests.proxy.double import SHARED, Double, double_at
from tests.proxy.nginx import Proxy, proxied
from tests.proxy.served import Desk, House, served_behind_proxy

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`make test-proxy` says the same before it comes to this."""
    if NGINX is None:
        for item in items:
            if item.path.is_relative_to(HERE):
                item.add_marker(pytest.mark.skip(reason="nginx is not installed"))


@pytest.fixture(scope="package")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Double, Proxy]]:
    with double_at() as double, proxied(tmp_path_factory.mktemp("proxy"), double.port) as proxy:
        yield double, proxy


@pytest.fixture
def double(pair: tuple[Double, Proxy]) -> Double:
    """As new; each test asks for addresses of its own, because the cache is not."""
    double = pair[0]
    double.status, double.text, double.seconds = 200, "first", 0
    double.headers = {"Cache-Control": SHARED}
    double.asked.clear()
    return double


@pytest.fixture
def proxy(pair: tuple[Double, Proxy]) -> Proxy:
    return pair[1]


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with served_behind_proxy(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture(scope="package")
def desk(house: House) -> Iterator[Desk]:
    desk = Desk(house.variables)
    yield desk
    desk.close()


@pytest.fixture(scope="package")
def silent_desk(house: House) -> Iterator[Desk]:
    """One that does not know of the proxy."""
    desk = Desk(house.variables | {"CACHE_REFRESH_URLS": ""})
    yield desk
    desk.close()
