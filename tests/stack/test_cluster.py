"""As on two machines: what one writes the other shows, and each is exchanged while readers ask."""

from collections.abc import Iterator
from http.client import HTTPConnection

import pytest

from deploy.cluster import Cluster
from deploy.trouble import Trouble
from tests.proxy.served import Desk
from tests.stack.conftest import desk_of
from tests.stack.readers import readers_of


@pytest.fixture(scope="module")
def desk(cluster: Cluster) -> Iterator[Desk]:
    yield from desk_of(cluster)


def page_of(cluster: Cluster, server: str, path: str) -> str:
    """Past the proxy, from one of the web servers."""
    connection = HTTPConnection("127.0.0.1", cluster.ports[server], timeout=30)
    connection.request("GET", path, headers={"Host": cluster.site().host})
    page = connection.getresponse().read().decode()
    connection.close()
    return page


def test_replica_follows_and_may_be_waited_for(cluster: Cluster) -> None:
    state = "SELECT application_name, state, sync_state FROM pg_stat_replication"
    assert cluster.primary().ask(state) == "replica|streaming|async"
    cluster.wait_for_replica(synchronous=True)
    assert cluster.primary().ask("SELECT pg_sleep(0.5); " + state) == "replica|streaming|sync"
    cluster.wait_for_replica(synchronous=False)
    assert cluster.replica().ask("SELECT pg_is_in_recovery()") == "t"


def test_story_is_on_both_machines(cluster: Cluster, desk: Desk) -> None:
    number = int(cluster.primary().ask("SELECT min(id) FROM articles_article"))
    story = desk.do("write_another", pk=number, headline="مكتبة متنقلة تصل إلى القرى الجبلية")
    assert "مكتبة متنقلة تصل إلى القرى الجبلية" in page_of(cluster, "web-1", story["path"])
    assert "مكتبة متنقلة تصل إلى القرى الجبلية" in page_of(cluster, "web-2", story["path"])


def test_workers_of_both_machines_are_alive(cluster: Cluster) -> None:
    alive = set(map(int, cluster.primary().ask("SELECT process_id FROM tasks_worker").split()))
    assert alive & set(cluster.crew.pids("worker-1"))
    assert alive & set(cluster.crew.pids("worker-2"))


def test_machines_are_exchanged_without_a_lost_request(cluster: Cluster, desk: Desk) -> None:
    old = cluster.crew.heads("web-1") + cluster.crew.heads("web-2")
    with readers_of(cluster.url) as readers:
        readers.wait_for_answers(200)
        cluster.upgrade_web()
        readers.wait_for_answers(200)
    assert readers.failures == []
    assert not set(old) & set(cluster.crew.heads("web-1") + cluster.crew.heads("web-2"))


def test_version_that_does_not_start_leaves_readers_to_the_other_machine(cluster: Cluster, desk: Desk) -> None:
    """And whatever brings the first one back gives it readers again: they do not notice that the other one ends."""
    key = cluster.secrets / "secret_key"
    good = key.read_text(encoding="utf-8")
    with readers_of(cluster.url) as readers:
        key.write_text("short", encoding="utf-8")
        try:
            with pytest.raises(Trouble, match="web-1 ended at once"):
                cluster.upgrade_web()
        finally:
            key.write_text(good, encoding="utf-8")
        assert cluster.crew.heads("web-1") == []
        readers.wait_for_answers(60)
        cluster.up(with_sample=False)
        cluster.crew.stop(cluster.service("web-2"))
        readers.wait_for_answers(60)
        cluster.up(with_sample=False)
    # The proxy was not told that the other one ends, and never sends a POST twice that may have arrived.
    assert [failure for failure in readers.failures if not failure.startswith("POST ")] == []
    assert "down" not in cluster.status().values()


def test_replica_becomes_the_primary(cluster: Cluster, desk: Desk) -> None:
    desk.close()
    cluster.crew.kill(cluster.service("primary"))
    cluster.promote()
    for name in ("web-1", "worker-1"):
        cluster.crew.stop(cluster.service(name))
        cluster.crew.start(cluster.service(name))
    assert cluster.site().variables["DATABASE_URL_FILE"]
    assert cluster.replica().ask("SELECT pg_is_in_recovery()") == "f"
    assert "primary" not in cluster.status()
    cluster.site().manage(
        "shell", "--no-imports", "--command", "from accounts.models import User; User.objects.create(username='new')"
    )
    assert cluster.replica().ask("SELECT count(*) FROM accounts_user WHERE username = 'new'") == "1"
