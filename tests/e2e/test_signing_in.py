"""Point 1: passwords, invitations, reset, second factor, passkeys, sessions, the switcher."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.authenticator import code_now
from tests.e2e.cast import ELSA, INGRID, IRENE, MARTA
from tests.e2e.conftest import sign_in
from tests.e2e.letters import CODE, letter, link_in
from tests.e2e.steps import agree

pytestmark = pytest.mark.browser
PASSWORD = "correct-horse-battery-9"


def new_address(name: str) -> str:
    return f"{name}.{uuid4().hex[:8]}@visitors.example"


def submit(page: Page) -> None:
    page.locator("main form:has(input:not([type=hidden])) button[type=submit]").first.click()


def signed_up(page: Page, url: str, name: str) -> str:
    """A new account with a verified address that belongs to no company yet; the page is signed in."""
    address = new_address("visitor")
    page.goto(f"{url}/accounts/signup/")
    page.get_by_label("Email").fill(address)
    page.get_by_label("name", exact=False).first.fill(name)
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    submit(page)
    expect(page).to_have_url(re.compile("confirm-email"))
    mail = page.context.new_page()
    found = CODE.search(letter(mail, url, address))
    assert found
    mail.close()
    page.bring_to_front()  # passkeys are made only on a page that has the focus
    page.get_by_label("Code").fill(found[1])
    submit(page)
    expect(page).to_have_url(re.compile("/organisation/none/"))
    return address


def confirm_access(page: Page) -> None:
    """Security pages ask for the password again."""
    if "reauthenticate" in page.url:
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        submit(page)


def sign_out(page: Page) -> None:
    page.context.clear_cookies()


def test_a_password_opens_the_portal_and_a_wrong_one_does_not(open_as, portal):
    page = open_as(None, "/accounts/login/")
    page.locator("[name=login]").fill(MARTA)
    page.locator("[name=password]").fill("not-her-password")
    submit(page)
    expect(page.get_by_role("alert")).to_contain_text("not correct")
    expect(page.locator("[name=login]")).to_have_value(MARTA)

    page.locator("[name=password]").fill(portal.users[MARTA]["password"])
    submit(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Marta Riva")
    expect(page.locator(".who-switch summary")).to_contain_text("Brenta Impianti")


def test_a_page_asks_strangers_to_sign_in_and_then_shows_itself(open_as, portal):
    page = open_as(None, "/deals/?view=open")
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next="))
    page.locator("[name=login]").fill(MARTA)
    page.locator("[name=password]").fill(portal.users[MARTA]["password"])
    submit(page)
    expect(page).to_have_url(re.compile(r"/deals/\?view=open"))


def test_a_colleague_is_invited_by_mail(open_as, portal):
    address = new_address("colleague")
    page = open_as(INGRID, "/organisation/people/invite/")
    page.get_by_label("E-mail").fill(address)
    page.get_by_role("checkbox", name="Channel manager").check()
    page.get_by_role("button", name="Send the invitation").click()
    page.goto(f"{portal.url}/organisation/invitations/")
    expect(page.locator("tr", has_text=address)).to_contain_text("Channel manager")

    guest = open_as(None, "/demo/mail/")
    guest.goto(link_in(letter(guest, portal.url, address), portal.url))
    expect(guest.get_by_role("heading", level=1)).to_contain_text("Nordic Valves")
    guest.get_by_label("Your name").fill("Nils Ek")
    guest.get_by_label("Password").fill("short")
    guest.get_by_role("button", name="Make an account and join").click()
    expect(guest.locator(".wrong").first).to_contain_text("too short")
    guest.get_by_label("Password").fill(PASSWORD)
    guest.get_by_role("button", name="Make an account and join").click()
    expect(guest.locator(".who-switch summary")).to_contain_text("Channel manager")
    guest.goto(f"{portal.url}/accounts/email/")
    expect(guest.locator("main")).to_contain_text("Verified")

    page.goto(f"{portal.url}/organisation/people/")
    expect(page.locator("tr", has_text="Nils Ek")).to_be_visible()


def test_a_company_is_invited_founds_itself_and_becomes_a_partner(open_as, portal):
    address, company = new_address("owner"), f"Vättern Pumpservice {uuid4().hex[:4]}"
    page = open_as(INGRID, "/organisation/partners/invite/")
    page.get_by_label("Company", exact=True).fill(company)
    page.get_by_label("E-mail of your contact there").fill(address)
    page.get_by_role("button", name="Send the invitation").click()

    guest = open_as(None, "/demo/mail/")
    guest.goto(link_in(letter(guest, portal.url, address), portal.url))
    guest.get_by_label("Your name").fill("Maja Ström")
    guest.get_by_label("Password").fill(PASSWORD)
    guest.get_by_role("button", name="Make an account and go on").click()
    expect(guest.get_by_label("Name of the company")).to_have_value(company)
    guest.get_by_label("Country").select_option("SE")
    guest.get_by_role("button", name="Accept the invitation").click()
    guest.get_by_role("button", name="Accept the agreement").click()
    expect(guest.locator(".who-switch summary")).to_contain_text(company)
    expect(guest.locator("main")).to_contain_text("Nordic Valves")
    expect(guest.locator("main")).to_contain_text("Active")

    page.goto(f"{portal.url}/organisation/partners/?q={company.rsplit(maxsplit=1)[-1]}")
    expect(page.locator("tr", has_text=company)).to_contain_text("Active")


def test_a_forgotten_password_is_reset_by_mail(open_as, portal):
    page = open_as(None, "/")
    address = signed_up(page, portal.url, "Forgetful Person")
    sign_out(page)
    page.goto(f"{portal.url}/accounts/password/reset/")
    page.get_by_label("Email").fill(address)
    submit(page)
    mail = page.context.new_page()
    page.goto(link_in(letter(mail, portal.url, address, "Password Reset"), portal.url))
    for field in page.locator("input[type=password]").all():
        field.fill("another-good-sentence-7")
    submit(page)
    expect(page.locator("main")).to_contain_text("password is now changed")
    sign_in(page, portal.url, address, "another-good-sentence-7")
    expect(page).to_have_url(re.compile("/organisation/none/"))


def test_an_authenticator_app_and_its_recovery_codes_guard_the_account(open_as, portal):
    page = open_as(None, "/")
    address = signed_up(page, portal.url, "Careful Person")
    page.goto(f"{portal.url}/accounts/2fa/totp/activate/")
    confirm_access(page)
    secret = page.locator("#authenticator_secret").input_value()
    page.locator("[name=code]").fill("000000")
    submit(page)
    expect(page.locator(".wrong").first).to_be_visible()
    page.locator("[name=code]").fill(code_now(secret))
    submit(page)
    recovery = page.locator("textarea").input_value().split()
    assert len(recovery) == 10

    for proof in (lambda: code_now(secret), lambda: recovery[0]):
        sign_out(page)
        sign_in(page, portal.url, address, PASSWORD)
        expect(page).to_have_url(re.compile("/accounts/2fa/authenticate/"))
        page.locator("[name=code]").fill(proof())
        submit(page)
        expect(page).to_have_url(re.compile("/organisation/none/"))

    sign_out(page)
    sign_in(page, portal.url, address, PASSWORD)
    page.locator("[name=code]").fill(recovery[0])
    submit(page)
    expect(page.locator(".wrong, [role=alert]").first).to_be_visible()  # a recovery code works once
    expect(page).to_have_url(re.compile("/accounts/2fa/authenticate/"))


def test_a_passkey_signs_in_without_a_password(open_as, portal):
    page = open_as(None, "/")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    signed_up(page, portal.url, "Modern Person")
    page.goto(f"{portal.url}/accounts/2fa/webauthn/add/")
    confirm_access(page)
    page.get_by_label("Name").fill("This laptop")
    page.get_by_label("Passwordless").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(lambda address: "/add/" not in address)
    page.goto(f"{portal.url}/accounts/2fa/webauthn/")
    expect(page.locator("main")).to_contain_text("This laptop")

    sign_out(page)
    page.goto(f"{portal.url}/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(re.compile("/organisation/none/"))


def test_another_session_is_ended_from_the_list_of_sessions(open_as, portal):
    here, there = open_as(ELSA, "/", fresh=True), open_as(ELSA, "/", fresh=True)
    here.goto(f"{portal.url}/accounts/sessions/")
    expect(here.locator("main tbody tr")).not_to_have_count(1)
    expect(here.locator("main tbody tr", has_text="This browser")).to_have_count(1)
    here.get_by_role("button", name="Sign out the others").click()
    agree(here)
    expect(here.locator("main tbody tr")).to_have_count(1)
    there.goto(f"{portal.url}/deals/")
    expect(there).to_have_url(re.compile("/accounts/login/"))
    here.goto(f"{portal.url}/deals/")
    expect(here).to_have_url(re.compile("/deals/"))
    portal.sessions.pop(ELSA, None)


def test_who_works_for_two_companies_switches_between_them(open_as, portal):
    page = open_as(IRENE, "/deals/", fresh=True)
    switcher = page.locator(".who-switch")
    expect(switcher.locator("summary")).to_contain_text("Adriatica Distribuzione")
    ours = page.locator("#list tbody tr").count()
    switcher.locator("summary").click()
    switcher.get_by_role("button", name="Brenta Impianti").click()
    expect(page.locator(".who-switch summary")).to_contain_text("Brenta Impianti")
    expect(page.locator(".toasts")).to_contain_text("Brenta Impianti")
    page.goto(f"{portal.url}/deals/")
    expect(page.locator("#list tbody tr").first).to_be_visible()
    assert ours
    expect(page.get_by_role("link", name="Register a deal")).to_have_count(0)  # a reader there
