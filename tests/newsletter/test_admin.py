import pytest
from django.test import Client

from accounts.roles import Role
from newsletter.models import ConsentRecord, MailingList, Subscription
from tests.articles.desk import form_data
from tests.factories import make_user

pytestmark = pytest.mark.django_db

LOOKED_AT = ["subscriber", "subscription", "consentrecord"]


def signed_in(*roles: Role) -> Client:
    """Without a role: somebody who may do everything."""
    client = Client()
    client.force_login(make_user(*roles, is_staff=True, is_superuser=not roles))
    return client


@pytest.mark.parametrize("model", [*LOOKED_AT, "mailinglist"])
def test_newsletter_editor_sees_and_searches_the_lists(subscription: Subscription, model: str) -> None:
    client = signed_in(Role.NEWSLETTER_EDITOR)
    query = {"q": "layla"} if model in LOOKED_AT else {"q": "الصباح"}
    response = client.get(f"/admin/newsletter/{model}/", query)
    assert response.status_code == 200
    assert response.context["cl"].result_count > 0


@pytest.mark.parametrize("model", LOOKED_AT)
def test_nobody_adds_changes_or_deletes_what_readers_decided(subscription: Subscription, model: str) -> None:
    client = signed_in()
    row = ConsentRecord.objects.earliest("id") if model == "consentrecord" else subscription
    pk = subscription.subscriber_id if model == "subscriber" else row.pk
    base = f"/admin/newsletter/{model}/"
    before = list(ConsentRecord.objects.values()), list(Subscription.objects.values())
    assert client.get(f"{base}{pk}/change/").status_code == 200
    forbidden = [
        client.post(f"{base}{pk}/change/", {"status": "unsubscribed", "wording": "x"}),
        client.post(f"{base}{pk}/delete/", {"post": "yes"}),
        client.post(f"{base}add/", {}),
    ]
    assert [response.status_code for response in forbidden] == [403, 403, 403]
    client.post(base, {"action": "delete_selected", "_selected_action": [pk], "post": "yes"})
    assert (list(ConsentRecord.objects.values()), list(Subscription.objects.values())) == before


def test_newsletter_editor_changes_a_list(mailing_list: MailingList) -> None:
    client = signed_in(Role.NEWSLETTER_EDITOR)
    fields = {
        "name": "نشرة المساء",
        "slug": "evening",
        "cadence": "كل مساء",
        "description": "",
        "position": "2",
    }
    address = f"/admin/newsletter/mailinglist/{mailing_list.pk}/change/"
    response = client.post(address, form_data(client, address) | fields)
    assert response.status_code == 302
    mailing_list.refresh_from_db()
    assert (mailing_list.name, mailing_list.slug) == ("نشرة المساء", "evening")


@pytest.mark.parametrize("role", [Role.REPORTER, Role.EDITOR, Role.CHIEF_EDITOR])
def test_other_roles_do_not_see_the_addresses_of_readers(subscription: Subscription, role: Role) -> None:
    client = signed_in(role)
    for model in LOOKED_AT:
        assert client.get(f"/admin/newsletter/{model}/").status_code == 403


@pytest.mark.parametrize("model", LOOKED_AT)
@pytest.mark.parametrize("count", [1, 3])
def test_lists_make_a_fixed_number_of_queries(sign_up, count: int, model: str, django_assert_max_num_queries) -> None:
    for number in range(count):
        sign_up(f"reader{number}@example.com")
    client = signed_in()
    with django_assert_max_num_queries(11):
        client.get(f"/admin/newsletter/{model}/")


@pytest.mark.parametrize("typed", ["LAYLA", "layla@", "@example.com", "example.com layla", "\u200flayla\u200b"])
@pytest.mark.parametrize("model", LOOKED_AT)
def test_an_address_is_found_by_a_piece_of_it(subscription: Subscription, sign_up, typed: str, model: str) -> None:
    sign_up("nizar@example.org")
    found = signed_in(Role.NEWSLETTER_EDITOR).get(f"/admin/newsletter/{model}/", {"q": typed}).context["cl"]
    assert found.result_count == 1 if model != "consentrecord" else found.result_count > 0
    assert {str(getattr(row, "subscriber", row)) for row in found.result_list} == {str(subscription.subscriber)}


def test_a_domain_is_looked_for_in_its_own_letters(sign_up) -> None:
    sign_up("reader@مثال.com")
    client = signed_in(Role.NEWSLETTER_EDITOR)
    assert client.get("/admin/newsletter/subscriber/", {"q": "reader@مثال.com"}).context["cl"].result_count == 1
    assert client.get("/admin/newsletter/subscriber/", {"q": "@مثال..com"}).context["cl"].result_count == 0


def test_lists_and_what_was_agreed_to_are_found_by_any_spelling(subscription: Subscription) -> None:
    client = signed_in(Role.NEWSLETTER_EDITOR)
    for model in ("mailinglist", "consentrecord"):
        for typed, is_found in (("الصَبَاح نشره", True), ("المساء", False)):
            response = client.get(f"/admin/newsletter/{model}/", {"q": typed})
            assert (response.context["cl"].result_count > 0) is is_found, (model, typed)
