"""Rules about our Python that no general linter knows."""

import ast

import pytest

from tests.house.files import found, our_python, tracked

LONGEST_FUNCTION = 60
LONGEST_FILE = 600

# One exemption for each file, with what protects the view instead.
CSRF_EXEMPT = {
    "articles/read_views.py": "reads: changes a sum and nothing of anybody; not for other sites",
    "newsletter/leaving_views.py": "unsubscribe: mail programs post without a cookie; the token is the proof",
    "newsletter/report_views.py": "reports: a provider of mail has no cookie; its signature or our secret is the proof",
    "newsroom/lib/http.py": "same_origin_post: refuses what another site caused, by headers",
}

# Who listens to signals: code that runs without being called is hard to find.
SIGNALS = {
    "accounts/apps.py": "post_migrate: the permissions of the roles",
    "newsroom/lib/watched.py": "post_save, post_delete: cascades and libraries change what pages show",
    "newsroom/lib/query_watch.py": "connection_created: threads have connections that nothing else sees",
    "newsletter/apps.py": "tracking of django-anymail: its only interface for what providers report; "
    "taken_from_readers: articles know nothing of newsletters",
}

# The body of an article is HTML that richtext.sanitise made, data blocks escape what means something to HTML as JSON
# does, and `fill` escapes as format_html does, only faster; nothing else may skip escaping.
MAY_MARK_SAFE = {"richtext/render.py", "newsroom/lib/data_blocks.py", "newsroom/lib/escaping.py"}


def test_every_form_is_protected_against_forgery() -> None:
    exempt = [line.split(":")[0] for line in found(r"@csrf_exempt|csrf_exempt\(", our_python())]
    assert sorted(exempt) == sorted(CSRF_EXEMPT)


def test_signals_are_listened_to_here_alone() -> None:
    listening = r"\w\.connect\(\w+, (sender=\w+, )?dispatch_uid|@receiver\("
    connected = [line.split(":")[0] for line in found(listening, our_python())]
    assert set(connected) == set(SIGNALS)


def test_only_sanitised_bodies_skip_escaping() -> None:
    marked = {line.split(":")[0] for line in found(r"\b(mark_safe|SafeString|SafeText|safestring)\b", our_python())}
    assert marked <= MAY_MARK_SAFE


def test_queries_are_written_with_the_orm() -> None:
    assert found(r"\.raw\(|\.extra\(|\bRawSQL\b", our_python()) == []


def test_status_is_written_by_publishing_alone() -> None:
    elsewhere = {name: text for name, text in our_python().items() if name != "articles/publishing.py"}
    assert found(r"\barticle\.status = ", elsewhere) == []


@pytest.mark.parametrize("word", ["services", "utils", "helpers", "common"])
def test_modules_are_named_for_their_subject(word: str) -> None:
    assert [name for name in our_python() if name.endswith((f"/{word}.py", f"/{word}/__init__.py"))] == []


def test_functions_fit_on_a_screen() -> None:
    long = [
        f"{name}:{node.lineno} {node.name}"
        for name, text in tracked().items()
        if name.endswith(".py") and "/migrations/" not in name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


def test_files_hold_one_idea() -> None:
    code = (".py", ".css", ".js", ".html")
    files = {name: text.count("\n") for name, text in tracked().items() if name.endswith(code)}
    assert {name: lines for name, lines in files.items() if lines > LONGEST_FILE and "/migrations/" not in name} == {}
