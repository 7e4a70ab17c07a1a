"""A window of Chromium that counts scripts that are not ours and requests to other machines."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Route

# What the texts call. It is there in every frame and window before anything of the page is read.
SENTINEL = """
window.pwned = () => { window.ran = true; console.error("a script ran: pwned"); };
window.alert = window.confirm = window.prompt = () => window.pwned();
"""
# What would run at a touch: no page of ours has such attributes, only the toolbar of the editor.
AT_A_TOUCH = """() => {
  const found = window.ran ? ["ran"] : [];
  for (const element of document.querySelectorAll("*")) {
    if (element.closest(".cke, .cke_dialog")) continue;
    for (const { name, value } of element.attributes) {
      const scheme = /^\\s*(javascript|vbscript|data:text|livescript)/i.test(value);
      if (/^on/i.test(name) || (scheme && /href|src|action|data|xlink/i.test(name)) || name === "srcdoc") {
        found.push(`<${element.localName} ${name}="${value.slice(0, 60)}">`);
      }
    }
  }
  return found;
}"""
# As a script of the page would put it there.
AGAIN_BY_SCRIPT = """() => {
  const parts = document.querySelectorAll("main, #content, body");
  const html = parts[0] ? parts[0].innerHTML : "";
  document.body.append(Object.assign(document.createElement("div"), { innerHTML: html }));
}"""


class WatchedWindow:
    """`goto` looks at an address of the site, `open` at a document as it would come from a file or a mail."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.site, self.context = site, context
        self.ran: list[str] = []
        self.outside: list[str] = []
        self.harmful: list[str] = []
        self.looked_at = 0
        self._document: tuple[str, str] = ("", "")
        context.add_init_script(SENTINEL)
        context.route("**/*", self._route)
        self.page = context.new_page()
        self.page.on("console", self._on_console)
        self.page.on("dialog", self._on_dialog)

    def goto(self, path: str, *, twice: bool = False, wait: str = "") -> Page:
        answer = self.page.goto(self.site + path, wait_until="load")
        assert answer is not None, path
        assert answer.status < 500, path
        self._look(path, twice=twice, wait=wait)
        return self.page

    def open(self, document: str, kind: str = "text/html") -> None:
        self._document = (document, f"{kind}; charset=utf-8")
        self.page.goto(f"{self.site}/opened-document", wait_until="load")
        self._look(f"document of {len(document)} letters")

    def faults(self) -> tuple[list[str], list[str], list[str]]:
        return self.ran, self.outside, self.harmful

    def _look(self, path: str, *, twice: bool = False, wait: str = "") -> None:
        self.looked_at += 1
        if wait:
            self.page.wait_for_selector(wait, timeout=30_000)
        if twice:
            self.page.evaluate(AGAIN_BY_SCRIPT)
        self.harmful += [f"{path}: {one}" for one in self.page.evaluate(AT_A_TOUCH)]

    def _route(self, route: Route) -> None:
        address = route.request.url
        if address == f"{self.site}/opened-document":
            body, kind = self._document
            route.fulfill(body=body, content_type=kind)
        elif urlsplit(address).scheme in {"data", "blob"} or address.startswith(self.site + "/"):
            route.continue_()
        elif address.startswith(f"{settings.SITE_URL}/"):
            route.abort()  # ours too, in mails and feeds; the server of the test listens elsewhere
        else:
            self.outside.append(f"{self.page.url}: {address}")
            route.abort()

    def _on_console(self, message: ConsoleMessage) -> None:
        if "pwned" in message.text and "Content Security Policy" not in message.text:
            self.ran.append(f"{self.page.url}: {message.text}")

    def _on_dialog(self, dialog: Dialog) -> None:
        self.ran.append(f"{self.page.url}: {dialog.type}")
        dialog.dismiss()


@contextmanager
def watched(chromium: Browser, site: str, *, bypass_csp: bool, cookies: Any = ()) -> Iterator[WatchedWindow]:
    """With `bypass_csp` the policies of the pages are not obeyed: they must not be what saves the reader."""
    with chromium.new_context(locale="ar", bypass_csp=bypass_csp, service_workers="block") as context:
        context.set_default_timeout(30_000)
        if cookies:
            context.add_cookies([{"name": name, "value": value.value, "url": site} for name, value in cookies.items()])
        yield WatchedWindow(context, site)
