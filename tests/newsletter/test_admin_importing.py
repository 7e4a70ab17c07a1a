"""The pages that bring an older list."""

import csv
from io import StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.roles import Role
from newsletter import importing
from newsletter.enums import ImportState
from newsletter.importing import run_import
from newsletter.models import MailingList, Subscriber, SubscriberImport, Subscription
from tests.articles.desk import errors_of, messages_of
from tests.factories import make_mailing_list, make_site
from tests.newsletter.test_admin import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

IMPORTS = "/admin/newsletter/subscriberimport/"
PROOF = "استمارة التسجيل في معرض الكتاب، أيار 2024"


@pytest.fixture
def mailing_list() -> MailingList:
    make_site()
    return make_mailing_list("نشرة الصباح")


@pytest.fixture
def editor() -> Client:
    return signed_in(Role.NEWSLETTER_EDITOR)


def upload(client: Client, mailing_list: MailingList, raw: bytes, *, proof: str = PROOF) -> Any:
    file = SimpleUploadedFile("قديم.csv", raw, "text/csv")
    return client.post(f"{IMPORTS}add/", {"mailing_list": mailing_list.pk, "proof": proof, "upload": file})


def run_waiting() -> None:
    for job in SubscriberImport.objects.filter(state=ImportState.WAITING):
        run_import.func(job.pk)


def test_from_the_file_to_the_readers(editor: Client, mailing_list: MailingList) -> None:
    response = upload(editor, mailing_list, "البريد,الاسم\nlayla@example.com,ليلى\nbroken@,x\n".encode())
    rehearsal = SubscriberImport.objects.get()
    address = f"{IMPORTS}{rehearsal.pk}/change/"
    assert (response.status_code, response["Location"]) == (302, address)
    assert 'class="reads list-import" data-at-work' in editor.get(address).content.decode()
    run_waiting()
    page = editor.get(address)
    assert "data-at-work" not in page.content.decode()
    assert (page.context["may_start"], "broken@" in page.content.decode()) == (True, True)
    assert not Subscriber.objects.exists()
    started = editor.post(f"{IMPORTS}{rehearsal.pk}/start/")
    run_waiting()
    assert editor.get(started["Location"]).context["job"].added_count == 1
    assert Subscription.objects.get().subscriber.name == "ليلى"
    assert not editor.get(address).context["may_start"]


def test_beginning_twice_imports_once(editor: Client, mailing_list: MailingList) -> None:
    upload(editor, mailing_list, b"layla@example.com\n")
    run_waiting()
    address = f"{IMPORTS}{SubscriberImport.objects.get().pk}/start/"
    editor.post(address)
    second = editor.post(address, follow=True)
    assert len(messages_of(second)) == 1
    assert SubscriberImport.objects.filter(is_rehearsal=False).count() == 1


@pytest.mark.parametrize(
    ("raw", "proof", "field"),
    [
        (b"a@example.com\n", "", "proof"),
        (b"a@example.com\n", "قديم", "proof"),
        (b"", PROOF, "upload"),
        (b" \n", PROOF, "upload"),
        (b"PK\x03\x04" + bytes(100), PROOF, "upload"),
        ("الاسم\nليلى\n".encode(), PROOF, "upload"),
    ],
)
def test_what_cannot_be_imported_is_said_at_once(
    editor: Client, mailing_list: MailingList, raw: bytes, proof: str, field: str
) -> None:
    response = upload(editor, mailing_list, raw, proof=proof)
    assert list(errors_of(response)) == [field]
    assert not SubscriberImport.objects.exists()


def test_a_file_that_is_too_large_is_said_at_once(
    editor: Client, mailing_list: MailingList, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter.admin.importing.MOST_BYTES", 100)
    assert list(errors_of(upload(editor, mailing_list, b"a@example.com\n" * 50))) == ["upload"]


def test_an_import_that_failed_says_why(editor: Client, mailing_list: MailingList, monkeypatch: Any) -> None:
    upload(editor, mailing_list, b"a@example.com\n")
    monkeypatch.setattr(importing, "read_rows", None)
    run_waiting()
    job = SubscriberImport.objects.get()
    assert job.error
    assert job.error in editor.get(f"{IMPORTS}{job.pk}/change/").content.decode()


def test_refused_rows_are_taken_out_as_a_file(editor: Client, mailing_list: MailingList) -> None:
    upload(editor, mailing_list, b"email\n=1+1\na@example.com\n")
    run_waiting()
    response = editor.get(f"{IMPORTS}{SubscriberImport.objects.get().pk}/refused/")
    text = b"".join(response.streaming_content).decode().removeprefix("\ufeff")
    [_headings, row] = csv.reader(StringIO(text, newline=""))
    assert (row[0], row[2]) == ("2", "'=1+1")


def test_the_page_tells_what_stands_in_a_row_as_text(editor: Client, mailing_list: MailingList) -> None:
    upload(editor, mailing_list, b"email\n<script>alert(1)</script>\na@example.com\n")
    run_waiting()
    page = editor.get(f"{IMPORTS}{SubscriberImport.objects.get().pk}/change/").content.decode()
    assert "<script>alert" not in page


@pytest.mark.parametrize("role", [Role.REPORTER, Role.EDITOR, Role.CHIEF_EDITOR])
def test_others_bring_no_list_and_see_none(editor: Client, mailing_list: MailingList, role: Role) -> None:
    upload(editor, mailing_list, b"a@example.com\nbroken@\n")
    run_waiting()
    job, client = SubscriberImport.objects.get(), signed_in(role)
    answers = [
        client.get(IMPORTS),
        client.get(f"{IMPORTS}{job.pk}/change/"),
        client.get(f"{IMPORTS}{job.pk}/refused/"),
        client.post(f"{IMPORTS}{job.pk}/start/"),
        upload(client, mailing_list, b"b@example.com\n"),
    ]
    assert [answer.status_code for answer in answers] == [403] * 5
    assert SubscriberImport.objects.count() == 1


def test_starting_takes_a_post(editor: Client, mailing_list: MailingList) -> None:
    upload(editor, mailing_list, b"a@example.com\n")
    run_waiting()
    assert editor.get(f"{IMPORTS}{SubscriberImport.objects.get().pk}/start/").status_code == 405
    assert SubscriberImport.objects.count() == 1
