"""The second factor and the sessions in a real browser: one phone, two windows, a lost phone."""

from base64 import b32decode

import pytest
import zxingcpp
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from PIL import Image as Pixels
from playwright.sync_api import Page, expect

from accounts.models import RequiredFactor, User
from accounts.roles import Role
from accounts.second_factor import make_recovery_codes
from tests.browser.conftest import OpenPage, Scheme
from tests.browser.test_desk import PASSWORD, is_accessible
from tests.factories import make_site, make_user


@pytest.fixture
def samer(transactional_db: None) -> User:
    make_site(name="مدار اليوم")
    return make_user(Role.EDITOR, username="samer", password=PASSWORD, first_name="سامر")


def give_password(page: Page, name: str = "samer") -> None:
    page.goto("/admin/")
    page.fill("#id_username", name)
    page.fill("#id_password", PASSWORD)
    page.click("#login-form [type=submit]")


def give_code(page: Page, code: str) -> None:
    page.fill("#id_code", code)
    page.click(".submit-row [type=submit]")


def is_at_the_desk(page: Page) -> None:
    expect(page.locator("#user-tools")).to_contain_text("سامر")


def code_of(device: TOTPDevice) -> str:
    """The code of now, which a device that has just believed one takes as if it had not."""
    TOTPDevice.objects.filter(pk=device.pk).update(last_t=-1)
    return f"{TOTP(device.bin_key).token():06}"


def make_phone(user: User) -> TOTPDevice:
    return TOTPDevice.objects.create(user=user, name="phone")


def test_a_phone_is_set_up_and_opens_the_door(page: Page, samer: User, tmp_path) -> None:
    give_password(page)
    page.click("#user-tools a[href='/admin/security/']")
    page.click("a[href*='/set-up/']")
    page.locator("img.qr").screenshot(path=tmp_path / "qr.png")
    link = zxingcpp.read_barcode(Pixels.open(tmp_path / "qr.png")).text
    assert link == page.locator("a[href^='otpauth:']").get_attribute("href")
    key = page.locator(".key").inner_text().replace(" ", "")
    assert f"secret={key}&" in link
    page.fill("#id_password", PASSWORD)
    give_code(page, f"{TOTP(b32decode(key)).token():06}")
    codes = page.locator(".recovery-codes bdi").all_inner_texts()
    assert len(codes) == 10
    page.click(".submit-row a.default")
    expect(page.locator("main")).to_contain_text("١٠")
    page.click("#logout-form button")

    give_password(page)
    expect(page.locator("#user-tools")).to_have_count(0)
    page.goto("/admin/articles/article/")
    expect(page).to_have_url("/admin/security/code/?next=/admin/articles/article/")
    give_code(page, code_of(TOTPDevice.objects.get()))
    is_at_the_desk(page)
    expect(page).to_have_url("/admin/articles/article/")
    page.click("#logout-form button")

    give_password(page)
    page.click("a[href*='/recovery-code/']")
    give_code(page, codes[3])
    is_at_the_desk(page)


def test_codes_are_copied_and_printed_with_a_script(page: Page, samer: User) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    device = make_phone(samer)
    give_password(page)
    give_code(page, code_of(device))
    page.goto("/admin/security/recovery-codes/")
    give_code(page, code_of(device))
    codes = page.locator(".recovery-codes bdi").all_inner_texts()
    page.click("[data-copy]")
    expect(page.locator("[role=status]")).not_to_be_empty()
    assert page.evaluate("navigator.clipboard.readText()").split() == codes
    expect(page.locator("[data-print]")).to_be_visible()


def test_everything_works_without_a_script(open_page: OpenPage, samer: User) -> None:
    RequiredFactor.objects.create(group=samer.groups.get())
    page = open_page(javascript=False)
    give_password(page)
    expect(page).to_have_url("/admin/security/set-up/?next=/admin/")
    key = page.locator(".key").inner_text().replace(" ", "")
    give_code(page, f"{TOTP(b32decode(key)).token():06}")
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    expect(page.locator("[data-copy]")).to_be_hidden()
    page.click(".submit-row a.default")
    is_at_the_desk(page)


def test_one_window_ends_the_session_of_another(open_page: OpenPage, samer: User) -> None:
    here, there = open_page(), open_page()
    for page in (here, there):
        give_password(page)
        is_at_the_desk(page)
    here.goto("/admin/security/")
    rows = here.locator(".sessions tbody tr")
    expect(rows).to_have_count(2)
    rows.filter(has_not=here.locator(".this-device")).locator("button").click()
    expect(rows).to_have_count(1)
    there.goto("/admin/")
    expect(there.locator("#login-form")).to_be_visible()
    give_password(there)
    is_at_the_desk(there)
    here.click("a[href$='/sessions/end/']")
    here.click(".submit-row [type=submit]")
    for page in (here, there):
        page.goto("/admin/")
        expect(page.locator("#login-form")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (360, "light"), (1280, "light"), (1280, "dark")])
def test_the_door_and_its_pages_are_accessible_and_fit(
    open_page: OpenPage, samer: User, width: int, scheme: Scheme
) -> None:
    page = open_page(width, scheme)
    boss = make_user(is_superuser=True, is_staff=True, username="boss", password=PASSWORD, first_name="سامر")

    def look() -> None:
        is_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url

    give_password(page, "boss")
    for address in ("", "set-up/", "sessions/end/", f"members/{samer.pk}/"):
        page.goto(f"/admin/security/{address}")
        look()
    device = make_phone(boss)
    make_phone(samer)
    recovery_codes = make_recovery_codes(boss, by=boss)
    page.goto("/admin/")
    look()
    give_code(page, "1")
    look()
    page.click("a[href*='/recovery-code/']")
    look()
    give_code(page, recovery_codes[0])
    for address in ("", "remove/", f"members/{samer.pk}/remove/", "recovery-codes/"):
        page.goto(f"/admin/security/{address}")
        look()
    give_code(page, code_of(device))
    expect(page.locator(".recovery-codes")).to_be_visible()
    look()
    page.goto("/admin/accounts/requiredfactor/add/")
    look()
