"""The second factor as the deeds know it, and its pages."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from django.contrib import admin
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings
from time_machine import Traveller

from accounts import second_factor
from accounts.models import FailureCount, RecoveryCode, RequiredFactor, StaffSession, User
from accounts.roles import Role
from audit.models import AuditEntry
from tests.accounts.door import (
    LOGIN,
    SET_UP,
    VERIFY,
    code_of,
    errors_of,
    is_inside,
    make_device,
    sign_in,
    sign_in_fully,
    wrong_code_of,
)
from tests.articles.desk import form_data
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

RECOVER = "/admin/security/recovery-code/"


@pytest.fixture
def user() -> User:
    return make_user(Role.EDITOR)


@pytest.fixture
def device(user: User) -> TOTPDevice:
    return make_device(user)


def require(role: Role) -> None:
    RequiredFactor.objects.create(group=make_user(role).groups.get())


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_a_member_without_a_phone_signs_in_with_the_password(client: Client, user: User) -> None:
    assert sign_in(client, user).url == "/admin/"
    assert is_inside(client)
    assert actions() == ["signed_in"]


def test_the_password_alone_does_not_open_where_a_phone_is_set_up(
    client: Client, user: User, device: TOTPDevice
) -> None:
    response = sign_in(client, user)
    assert urlsplit(response.url).path == VERIFY
    assert not is_inside(client)
    key = client.session.session_key
    assert client.post(VERIFY, {"code": code_of(device.key), "next": "/admin/articles/article/"}).url == (
        "/admin/articles/article/"
    )
    assert is_inside(client)
    assert client.session.session_key != key
    assert actions() == ["signed_in"]


def test_codes_are_read_in_any_digits_and_groups(client: Client, user: User, device: TOTPDevice) -> None:
    sign_in(client, user)
    code = code_of(device.key).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    client.post(VERIFY, {"code": f" {code[:3]} {code[3:]} "})
    assert is_inside(client)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "+12345", "٣٢١", "1" * 4000, "\0" * 6])
def test_what_is_no_code_comes_back_with_a_sentence(client: Client, user: User, device: TOTPDevice, typed: str) -> None:
    sign_in(client, user)
    response = client.post(VERIFY, {"code": typed})
    assert response.status_code == 200
    assert errors_of(response)
    device.refresh_from_db()
    assert device.throttling_failure_count == 0


def test_a_code_is_believed_once(client: Client, user: User, device: TOTPDevice, clock: Traveller) -> None:
    sign_in_fully(client, user, device)
    other = Client()
    sign_in(other, user)
    assert errors_of(other.post(VERIFY, {"code": code_of(device.key)}))
    assert not is_inside(other)
    clock.shift(30)
    other.post(VERIFY, {"code": code_of(device.key)})
    assert is_inside(other)


def test_after_a_wrong_code_the_right_one_must_wait(
    client: Client, user: User, device: TOTPDevice, clock: Traveller
) -> None:
    sign_in(client, user)
    wrong = client.post(VERIFY, {"code": wrong_code_of(device.key)})
    assert wrong.status_code == 200
    too_soon = client.post(VERIFY, {"code": code_of(device.key)})
    assert too_soon.status_code == 429
    assert not is_inside(client)
    clock.shift(2)
    client.post(VERIFY, {"code": code_of(device.key)})
    assert is_inside(client)
    assert actions() == ["factor_refused", "signed_in"]


def test_five_wrong_codes_close_the_page_and_not_the_recovery_of_others(
    client: Client, user: User, device: TOTPDevice, clock: Traveller
) -> None:
    sign_in(client, user)
    for _ in range(5):
        client.post(VERIFY, {"code": wrong_code_of(device.key)})
        clock.shift(60)
    locked = client.post(VERIFY, {"code": code_of(device.key)})
    assert locked.status_code == 429
    assert "10" in errors_of(locked)[0]
    assert actions().count("locked_out") == 1
    assert client.post(RECOVER, {"code": "abcde-fghjk"}).status_code == 429
    clock.shift(11 * 60)
    client.post(VERIFY, {"code": code_of(device.key)})
    assert is_inside(client)


def test_the_password_does_not_forgive_wrong_codes(
    client: Client, user: User, device: TOTPDevice, clock: Traveller
) -> None:
    for _ in range(5):
        sign_in(client, user)
        client.post(VERIFY, {"code": wrong_code_of(device.key)})
        clock.shift(60)
    sign_in(client, user)
    assert client.post(VERIFY, {"code": code_of(device.key)}).status_code == 429


@pytest.mark.parametrize(
    "next_page", ["//evil.example/", "https://evil.example/admin/", "/\\evil.example", "javascript:1"]
)
def test_next_stays_on_this_site_through_all_steps(
    client: Client, user: User, device: TOTPDevice, next_page: str
) -> None:
    data = {"username": user.username, "password": "correct horse battery", "next": next_page}
    response = client.post(f"{LOGIN}", data)
    assert response.url == f"{VERIFY}?next=/admin/"
    assert form_data(client, f"{VERIFY}?next={next_page}")["next"] == "/admin/"
    assert client.post(VERIFY, {"code": code_of(device.key), "next": next_page}).url == "/admin/"


def test_next_is_kept_through_all_steps(client: Client, user: User, device: TOTPDevice) -> None:
    wanted = "/admin/articles/article/?q=%D9%85%D8%AF%D9%86"
    data = {"username": user.username, "password": "correct horse battery", "next": wanted}
    address = client.post(LOGIN, data).url
    form = form_data(client, address)
    assert form["next"] == wanted
    assert client.post(VERIFY, form | {"code": code_of(device.key)}).url == wanted


def test_the_factor_of_an_earlier_sign_in_does_not_count(client: Client, user: User, device: TOTPDevice) -> None:
    sign_in_fully(client, user, device)
    StaffSession.objects.all().delete()
    sign_in(client, user)
    assert not is_inside(client)


def test_signing_in_over_a_live_session_asks_again(client: Client, user: User, device: TOTPDevice) -> None:
    sign_in_fully(client, user, device)
    sign_in(client, user)
    assert not is_inside(client)
    assert StaffSession.objects.count() == 1


def test_setting_up_gives_the_phone_and_ten_codes(client: Client, user: User) -> None:
    sign_in(client, user)
    page = client.get(SET_UP)
    form = form_data(client, SET_UP)
    key = page.context["form"].plain_key
    assert "otpauth://totp/127.0.0.1%3A" in page.content.decode()
    assert not TOTPDevice.objects.exists()
    form["key"] = page.context["form"].initial["key"]
    done = client.post(SET_UP, form | {"code": code_of(key), "password": "correct horse battery"})
    codes = done.context["codes"]
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"[a-z2-9]{5}-[a-z2-9]{5}", code) for code in codes)
    assert "no-store" in done["Cache-Control"]
    assert TOTPDevice.objects.get().key == key
    assert is_inside(client), "the session that set it up has given the factor"
    assert actions() == ["signed_in", "factor_set_up", "recovery_codes_made"]


def test_setting_up_needs_the_password_again(client: Client, user: User) -> None:
    sign_in(client, user)
    page = client.get(SET_UP)
    data = {"key": page.context["form"].initial["key"], "code": code_of(page.context["form"].plain_key)}
    for password in ("", "wrong"):
        assert errors_of(client.post(SET_UP, data | {"password": password}), "password")
    for _ in range(5):
        locked = client.post(SET_UP, data | {"password": "wrong"})
    assert locked.status_code == 429
    assert client.post(SET_UP, data | {"password": "correct horse battery"}).status_code == 429
    assert not TOTPDevice.objects.exists()


def test_setting_up_refuses_a_wrong_code_and_keeps_the_key(client: Client, user: User) -> None:
    sign_in(client, user)
    page = client.get(SET_UP)
    key, signed = page.context["form"].plain_key, page.context["form"].initial["key"]
    data = {"key": signed, "code": wrong_code_of(key), "password": "correct horse battery"}
    again = client.post(SET_UP, data)
    assert errors_of(again)
    assert again.context["form"].plain_key == key
    assert not TOTPDevice.objects.exists()


def test_a_key_of_somebody_else_or_of_yesterday_is_not_taken(client: Client, user: User, clock: Traveller) -> None:
    colleague = Client()
    sign_in(colleague, make_user(Role.EDITOR))
    foreign = colleague.get(SET_UP).context["form"]
    sign_in(client, user)
    own = client.get(SET_UP).context["form"]
    clock.shift(2 * 60 * 60)
    for form in (foreign, own):
        code = code_of(form.plain_key)
        data = {"key": form.initial["key"], "code": code, "password": "correct horse battery"}
        refused = client.post(SET_UP, data)
        assert errors_of(refused, "key")
        assert refused.context["form"].plain_key not in {own.plain_key, foreign.plain_key}
        assert form_value(refused) == refused.context["form"].initial["key"]
    assert not TOTPDevice.objects.exists()


def form_value(response) -> str:
    return re.search(r'name="key" value="([^"]+)"', response.content.decode())[1]


def test_a_second_phone_is_not_set_up_beside_the_first(user: User, device: TOTPDevice) -> None:
    key = second_factor.new_key()
    with pytest.raises(second_factor.AlreadySetUp):
        second_factor.set_up(user, key=key, code=code_of(key))
    assert TOTPDevice.objects.get() == device


def test_setting_up_closes_the_other_sessions_until_they_give_a_code(client: Client, user: User) -> None:
    other = Client()
    sign_in(client, user)
    sign_in(other, user)
    key = second_factor.new_key()
    second_factor.set_up(user, key=key, code=code_of(key))
    assert not is_inside(other)
    assert other.get(VERIFY).status_code == 200


def test_a_role_that_requires_it_leads_to_setting_up_first(client: Client, user: User) -> None:
    require(Role.EDITOR)
    response = sign_in(client, user)
    page = client.get(response.url, follow=True)
    assert page.redirect_chain[-1][0] == f"{SET_UP}?next=/admin/"
    assert not is_inside(client)
    form = page.context["form"]
    done = client.post(SET_UP, {"key": form.initial["key"], "code": code_of(form.plain_key), "next": "/admin/"})
    assert done.context["next"] == "/admin/"
    assert is_inside(client)
    assert actions() == ["factor_set_up", "recovery_codes_made", "signed_in"]


def test_who_requires_it_of_his_own_role_is_led_to_setting_up(client: Client) -> None:
    administrator = make_user(Role.ADMINISTRATOR)
    sign_in(client, administrator)
    address = reverse("admin:accounts_requiredfactor_add")
    client.post(address, form_data(client, address) | {"group": administrator.groups.get().pk})
    assert RequiredFactor.objects.get().required_by == administrator
    page = client.get("/admin/", follow=True)
    assert page.redirect_chain[-1][0].startswith(SET_UP)
    assert page.status_code == 200


def test_an_administrator_requires_it_of_roles_below_alone(client: Client) -> None:
    administrator = make_user(Role.ADMINISTRATOR)
    owners = make_user("owners", is_superuser=True).groups.get()
    owners.permissions.add(*type(owners).permissions.rel.model.objects.filter(codename="delete_user"))
    client.force_login(administrator)
    address = reverse("admin:accounts_requiredfactor_add")
    refused = client.post(address, form_data(client, address) | {"group": owners.pk})
    assert refused.status_code == 200
    required = RequiredFactor.objects.create(group=owners)
    assert (
        client.post(reverse("admin:accounts_requiredfactor_delete", args=[required.pk]), {"post": "yes"}).status_code
        == 403
    )
    assert RequiredFactor.objects.exists()


def test_superusers_have_no_page_with_the_keys_of_others() -> None:
    assert not admin.site.is_registered(TOTPDevice)


def test_a_recovery_code_opens_once(client: Client, user: User, device: TOTPDevice) -> None:
    codes = second_factor.make_recovery_codes(user, by=user)
    sign_in(client, user)
    typed = codes[0].upper().replace("-", "  ")
    assert client.post(RECOVER, {"code": typed}).status_code == 302
    assert is_inside(client)
    assert second_factor.recovery_codes_left(user) == 9
    other = Client()
    sign_in(other, user)
    assert errors_of(other.post(RECOVER, {"code": codes[0]}))
    assert not is_inside(other)
    assert "recovery_code_used" in actions()


def test_a_recovery_code_of_somebody_else_opens_nothing(client: Client, user: User, device: TOTPDevice) -> None:
    colleague = make_user(Role.EDITOR)
    make_device(colleague)
    codes = second_factor.make_recovery_codes(colleague, by=colleague)
    sign_in(client, user)
    assert errors_of(client.post(RECOVER, {"code": codes[0]}))
    assert second_factor.recovery_codes_left(colleague) == 10


def test_recovery_codes_are_kept_as_keyed_hashes(user: User, device: TOTPDevice, settings: Settings) -> None:
    codes = second_factor.make_recovery_codes(user, by=user)
    kept = set(RecoveryCode.objects.values_list("digest", flat=True))
    letters = codes[0].replace("-", "")
    assert not any(letters in digest for digest in kept)
    assert (
        salted_hmac("accounts.second_factor.recovery", f"{user.pk}:{letters}", algorithm="sha256").hexdigest() in kept
    )
    assert not AuditEntry.objects.filter(note__contains=letters).exists()


def test_recovery_codes_outlive_a_new_secret_key_while_the_old_one_is_a_fallback(
    user: User, device: TOTPDevice, settings: Settings
) -> None:
    codes = second_factor.make_recovery_codes(user, by=user)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-" + "y" * 50
    assert second_factor.use_recovery_code(user, codes[0]) == device
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(second_factor.WrongCode):
        second_factor.use_recovery_code(user, codes[1])


def test_new_recovery_codes_need_a_code_and_replace_the_old(
    client: Client, user: User, device: TOTPDevice, clock
) -> None:
    old = second_factor.make_recovery_codes(user, by=user)
    sign_in_fully(client, user, device)
    address = reverse("accounts:new_codes")
    assert errors_of(client.post(address, {"code": code_of(device.key)})), "the code that opened is used up"
    clock.shift(30)
    response = client.post(address, {"code": code_of(device.key)})
    assert len(response.context["codes"]) == 10
    with pytest.raises(second_factor.WrongCode):
        second_factor.use_recovery_code(user, old[0])


def test_removing_needs_a_code_and_ends_the_other_sessions(
    client: Client, user: User, device: TOTPDevice, clock: Traveller
) -> None:
    thief = Client()
    sign_in(thief, user)
    sign_in_fully(client, user, device)
    address = reverse("accounts:remove")
    client.post(address, {"code": wrong_code_of(device.key)})
    assert TOTPDevice.objects.exists()
    clock.shift(60)
    client.post(address, {"code": code_of(device.key)})
    assert not TOTPDevice.objects.exists()
    assert not RecoveryCode.objects.exists()
    assert is_inside(client)
    assert not is_inside(thief), "who knew the password alone must not come in by the removal"
    assert actions()[-1] == "factor_removed"


def test_removing_is_refused_where_the_role_requires_it(
    client: Client, user: User, device: TOTPDevice, clock: Traveller
) -> None:
    require(Role.EDITOR)
    sign_in_fully(client, user, device)
    clock.shift(30)
    client.post(reverse("accounts:remove"), {"code": code_of(device.key)})
    assert TOTPDevice.objects.exists()
    with pytest.raises(second_factor.FactorRequired):
        second_factor.remove(user, by=user)


def test_an_administrator_removes_the_lost_phone_of_a_member_below(
    client: Client, user: User, device: TOTPDevice
) -> None:
    member = Client()
    sign_in_fully(member, user, device)
    administrator = make_user(Role.ADMINISTRATOR)
    client.force_login(administrator)
    address = reverse("accounts:remove_of_member", args=[user.pk])
    assert client.get(address).status_code == 200
    assert TOTPDevice.objects.exists()
    client.post(address)
    assert not TOTPDevice.objects.exists()
    assert not is_inside(member)
    entry = AuditEntry.objects.order_by("pk").last()
    assert (entry.action, entry.actor_id, entry.subject_id) == ("factor_removed", administrator.pk, str(user.pk))


def test_removing_what_is_gone_already_is_said(client: Client, user: User) -> None:
    boss = make_user(is_staff=True, is_superuser=True)
    sign_in(client, boss)
    for address in (reverse("accounts:remove"), reverse("accounts:remove_of_member", args=[user.pk])):
        page = client.post(address, {"code": "123456"}, follow=True)
        assert page.status_code == 200
        assert [message.level_tag for message in page.context["messages"]] == ["error"]


def test_the_list_of_staff_says_who_has_a_phone(client: Client, user: User, device: TOTPDevice) -> None:
    administrator = make_user(Role.ADMINISTRATOR)
    client.force_login(administrator)
    page = client.get(reverse("admin:accounts_user_changelist"))
    listed = {row.pk: row.has_factor for row in page.context["cl"].result_list}
    assert (listed[user.pk], listed[administrator.pk]) == (True, False)


@pytest.mark.parametrize("name", ["member", "remove_of_member", "end_all_of_member"])
def test_nobody_looks_after_a_member_who_is_not_below(client: Client, name: str) -> None:
    boss = make_user(is_staff=True, is_superuser=True)
    make_device(boss)
    reporter = make_user(Role.REPORTER)
    make_device(reporter)
    for role, member in ((Role.ADMINISTRATOR, boss), (Role.CHIEF_EDITOR, reporter)):
        client.force_login(make_user(role))
        address = reverse(f"accounts:{name}", args=[member.pk])
        assert client.get(address).status_code == 403
        assert client.post(address).status_code in {403, 405}
    assert TOTPDevice.objects.count() == 2


def test_the_operator_resets_a_second_factor(
    client: Client, user: User, device: TOTPDevice, capsys: pytest.CaptureFixture
) -> None:
    sign_in_fully(client, user, device)
    call_command("reset_second_factor", user.username)
    assert user.username in capsys.readouterr().out
    assert not TOTPDevice.objects.exists()
    assert not is_inside(client)
    entry = AuditEntry.objects.order_by("pk").last()
    assert (entry.action, entry.actor_id) == ("factor_removed", None)
    for name in (user.username, "nobody"):
        with pytest.raises(CommandError, match=name):
            call_command("reset_second_factor", name)


def at_once(deed: Callable[[], object], number: int = 4) -> list[bool]:
    """Whether each of several simultaneous tries succeeded."""

    def attempt(_number: int) -> bool:
        try:
            deed()
        except (second_factor.WrongCode, second_factor.TooSoon, second_factor.AlreadySetUp):
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(number) as pool:
        return sorted(pool.map(attempt, range(number)))


@pytest.mark.django_db(transaction=True)
def test_of_many_that_use_a_code_at_once_one_comes_in() -> None:
    user = make_user(Role.EDITOR)
    device = make_device(user)
    (recovery_code, *_) = second_factor.make_recovery_codes(user, by=user)
    assert at_once(lambda: second_factor.use_recovery_code(user, recovery_code)) == [False, False, False, True]
    FailureCount.objects.all().delete()
    code = code_of(device.key)
    assert at_once(lambda: second_factor.check_code(user, code)) == [False, False, False, True]


@pytest.mark.django_db(transaction=True)
def test_of_many_phones_set_up_at_once_one_is_kept() -> None:
    user = make_user(Role.EDITOR)
    key = second_factor.new_key()
    code = code_of(key)
    assert at_once(lambda: second_factor.set_up(user, key=key, code=code)) == [False, False, False, True]
    assert TOTPDevice.objects.count() == 1
    assert second_factor.recovery_codes_left(user) == 10
