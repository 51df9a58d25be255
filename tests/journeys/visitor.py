"""A person at a browser, who notices whatever is wrong with a page."""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import axe_playwright_python
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, Response
from playwright.sync_api import Error as PlaywrightError

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
AXE_OPTIONS = {
    "resultTypes": ["violations"],
    "rules": {"target-size": {"enabled": True}},
}
PHONE, DESK = (390, 844), (1280, 800)
# A size, and whether it is dark.
Window = tuple[tuple[int, int], bool]
EVERY_WINDOW: list[Window] = [(size, dark) for size in (PHONE, DESK) for dark in (False, True)]
# Two pixels of slack: borders of scrolling regions round differently.
SLACK = 2
POLICY_WATCH = """
window.__refused = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.__refused.push(`${event.violatedDirective}: ${event.blockedURI || event.sample}`);
});
"""
SMALL_BUTTONS = """() => [...document.querySelectorAll("main .btn, .site-nav a, .site-tools > a")]
  .filter((e) => e.offsetParent !== null)
  .map((e) => [e.getBoundingClientRect(), e])
  .filter(([box]) => box.height < 39.5 || box.width < 24)
  .map(([box, e]) => `${e.outerHTML.slice(0, 120)} is ${box.width}×${box.height}`)"""
WIDE = """(slack) => {
  const wide = document.documentElement.scrollWidth - window.innerWidth;
  if (wide <= slack) return [];
  const rtl = document.documentElement.dir === "rtl";
  const out = (box) => rtl ? box.left < -slack : box.right > window.innerWidth + slack;
  return [`the page is ${wide} px too wide`, ...[...document.querySelectorAll("body *")]
    .filter((e) => e.offsetParent !== null && out(e.getBoundingClientRect())).slice(0, 5)
    .map((e) => e.outerHTML.slice(0, 140))];
}"""

# Another color scheme runs through the page frame by frame, however short its transitions are.
SETTLED = """async () => {
  const moving = () => document.getAnimations().some((one) => one instanceof CSSTransition);
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  for (let still = 0, all = 0; still < 3 && all < 120; all += 1) {
    await frame();
    still = moving() ? 0 : still + 1;
  }
}"""


@dataclass
class Visitor:
    """One browser window, signed in as one person."""

    page: Page
    base: str
    troubles: list[str] = field(default_factory=list)
    expected_statuses: set[int] = field(default_factory=lambda: {200})

    @classmethod
    def at(
        cls, browser: Browser, base: str, user: Any = None, *, size: tuple[int, int] = DESK,
        dark: bool = False,
    ) -> "Visitor":  # fmt: skip
        """Open a window. ``user`` is signed in by a session, as if she had done so before."""
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="Europe/Budapest",
            has_touch=size == PHONE,
        )
        context.set_default_timeout(15_000)
        context.add_init_script(POLICY_WATCH)
        visitor = cls(page=context.new_page(), base=base)
        visitor.page.on("console", visitor._hear)
        visitor.page.on("pageerror", lambda error: visitor.troubles.append(f"page error: {error}"))
        visitor.page.on("response", visitor._receive)
        if user is not None:
            visitor.sign_in(user)
        return visitor

    def sign_in(self, user: Any) -> None:
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": self.base}]
        )

    def _hear(self, message: ConsoleMessage) -> None:
        # A refused form answers 422, which the browser reports as a failed load: `_receive` judges.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.troubles.append(f"console {message.type}: {message.text}")

    def _receive(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected_statuses:
            self.troubles.append(f"{response.status} for {response.url}")

    def open(self, path: str) -> Response | None:
        """Go to an address of the site, wait until it is quiet, and look at it."""
        response = self.page.goto(urljoin(self.base, path))
        self.settle()
        return response

    def settle(self) -> None:
        """Wait until the page is loaded and no part of it is being replaced."""
        self.page.wait_for_load_state("load")
        # A locator, because a function is polled by `eval`, which the content policy refuses.
        self.page.locator(".htmx-request, .htmx-settling").first.wait_for(state="detached")

    def comes_true(self, script: str, *, seconds: float) -> bool:
        """Ask the page until it says yes; Playwright's own waiting needs a laxer policy."""
        for _ in range(round(seconds * 20)):
            with suppress(PlaywrightError):  # between two pages
                if self.page.evaluate(script):
                    return True
            self.page.wait_for_timeout(50)
        return False

    def press(self, name: str | re.Pattern[str], role: str = "button", **more: Any) -> None:
        """Press what bears this name, and wait for the page that answers, if one does."""
        self.page.evaluate("window.__before = true")
        self.page.get_by_role(role, name=name, **more).first.click()  # type: ignore[arg-type]
        # A dialog or a fragment stays on the page: then there is nothing to wait for.
        self.comes_true("!window.__before", seconds=2)
        self.settle()

    def sees(self, text: str | re.Pattern[str]) -> None:
        """Wait until the text is visible."""
        self.page.get_by_text(text).locator("visible=true").first.wait_for()

    def look(self, *, axe: bool = True) -> list[str]:
        """What is wrong with the page as it stands: layout, content policy, accessibility."""
        wrong = list(self.page.evaluate(WIDE, SLACK))
        viewport = self.page.viewport_size or {"width": 0}
        if viewport["width"] == PHONE[0]:
            wrong += self.page.evaluate(SMALL_BUTTONS)
        if axe:
            self.page.evaluate(AXE)
            found = self.page.evaluate("(options) => axe.run(document, options)", AXE_OPTIONS)
            wrong += [_told(violation) for violation in found["violations"]]
        wrong += [f"content policy: {one}" for one in self.page.evaluate("window.__refused")]
        wrong += self.troubles
        self.troubles.clear()
        return wrong

    def look_in(self, windows: list[Window]) -> list[str]:
        """``look`` at the open page in several windows, one after the other, without a reload."""
        found = []
        for (width, height), dark in windows:
            scheme = "dark" if dark else "light"
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.evaluate(SETTLED)
            found += [f"at {width} px, {scheme}: {one}" for one in self.look()]
        return found

    def fits(self, width: int) -> list[str]:
        """What is too wide when the window is narrowed (or widened) for a moment."""
        before = self.page.viewport_size
        self.page.set_viewport_size({"width": width, "height": 900})
        wide = [f"at {width} px: {one}" for one in self.page.evaluate(WIDE, SLACK)]
        self.page.set_viewport_size(before)
        return wide

    def is_fine(self) -> None:
        """Fail if anything is wrong with the page as it stands."""
        wrong = self.look()
        assert not wrong, "\n".join([self.page.url, *wrong])

    def links(self) -> list[str]:
        """The addresses of this site that the page leads to."""
        hrefs = self.page.eval_on_selector_all("a[href]", "all => all.map((a) => a.href)")
        here = urlsplit(self.base).netloc
        found = []
        for href in hrefs:
            parts = urlsplit(href)
            if parts.netloc == here:
                path = parts.path + (f"?{parts.query}" if parts.query else "")
                if path not in found:
                    found.append(path)
        return found

    def close(self) -> None:
        self.page.context.close()


def _told(violation: dict[str, Any]) -> str:
    nodes = [node["html"][:160] for node in violation["nodes"][:3]]
    return f"axe {violation['id']} ({violation['impact']}): {violation['help']}: {nodes}"
