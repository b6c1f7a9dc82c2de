"""Somebody without a mouse: Tab, arrows, Space and Enter alone, and what a screen reader would meet on the way."""

import re
from dataclasses import dataclass

from playwright.sync_api import Error, Page

MOST_TABS = 120
NAMED = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const by = e.getAttribute("aria-labelledby");
  const label = e.labels && e.labels.length ? [...e.labels].map((l) => l.innerText).join(" ") : "";
  const name = e.getAttribute("aria-label") || (by && document.getElementById(by).innerText) || label || e.innerText || e.value || "";
  const shown = e.labels && e.labels.length && (e.type === "radio" || e.type === "checkbox") ? [e, e.nextElementSibling, e.labels[0]] : [e];
  const ringed = (one) => { const s = getComputedStyle(one); return (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2) || /0px 0px 0px [2-9]/.test(s.boxShadow); };
  const ring = shown.some((one) => one && ringed(one));
  const appears = (e.matches(".skip") && e.getBoundingClientRect().top >= 0) || e.type === "date";  // a link that shows itself; the browser rings the parts of a date
  return {name: name.replace(/\\s+/g, " ").trim(), ring: ring || appears};
}"""
ORDER = """() => {
  const seen = (e) => { const r = e.getBoundingClientRect(); return r.width > 1 && r.height > 1 && e.checkVisibility({visibilityProperty: true}); };
  const stuck = (e) => { for (let n = e; n && n.nodeType === 1; n = n.parentElement) { const p = getComputedStyle(n).position; if (p === "fixed" || p === "sticky") return true; } return false; };
  const all = [...document.querySelectorAll("main a[href], main button, main input:not([type=hidden]), main select, main summary")].filter((e) => seen(e) && !stuck(e));
  const wrong = [];
  for (let i = 1; i < all.length; i++) {
    const above = all[i - 1].getBoundingClientRect(), below = all[i].getBoundingClientRect();
    if (below.bottom <= above.top && below.right <= above.left + above.width) wrong.push((all[i - 1].innerText || all[i - 1].name) + " → " + (all[i].innerText || all[i].name));
  }
  return wrong;
}"""
HEADINGS = """() => [...document.querySelectorAll("h1, h2, h3, h4")].filter((e) => e.checkVisibility()).map((e) => [Number(e.tagName[1]), e.innerText.trim()])"""


@dataclass
class Keyboard:
    """The keys, on one page."""

    page: Page

    def to(self, name: str | re.Pattern[str]) -> None:
        """Press Tab until the focus stands on what is called so. Each stop must have a name and a ring that can be seen."""
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            here = self._focused()
            if here is None:
                continue
            assert here["name"], f"{self.page.url}: the focus stands on something without a name"
            assert here["ring"], f"{self.page.url}: no ring around {here['name']}"
            if re.search(name, here["name"]):
                return
        raise AssertionError(f"{self.page.url}: Tab never comes to {name}")

    def _focused(self) -> dict[str, str] | None:
        try:
            return self.page.evaluate(NAMED)
        except Error:  # the page was just being left
            self.page.wait_for_load_state()
            return None

    def press(self, name: str | re.Pattern[str]) -> None:
        """Tab to a button or link and press it."""
        self.to(name)
        self.page.keyboard.press("Enter")
        self.page.wait_for_timeout(150)  # a form's answer may be another page, or this one changed in place
        self.page.wait_for_load_state()

    def fill(self, name: str | re.Pattern[str], text: str) -> None:
        """Tab to a field and type."""
        self.to(name)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)

    def mark(self, name: str | re.Pattern[str]) -> None:
        """Tab to a card that can be ticked, and tick it. Radio buttons share one stop: the arrows go on from there."""
        self.to(name)
        self.page.keyboard.press("Space")


def reading_order(page: Page) -> None:
    """One first heading, no level left out, and controls that follow each other as they stand on the page."""
    found = page.evaluate(HEADINGS)
    levels = [level for level, _ in found]
    assert levels.count(1) == 1, f"{page.url}: {found}"
    assert all(b - a <= 1 for a, b in zip([0, *levels], levels, strict=False) if b > a), f"{page.url}: {found}"
    assert not page.evaluate(ORDER), f"{page.url}: read upwards: {page.evaluate(ORDER)}"


def enlarged(page: Page) -> None:
    """At 200 % zoom (half the pixels) nothing has to be scrolled sideways; wide tables scroll in their own box."""
    before = page.viewport_size or {"width": 1280, "height": 800}
    page.set_viewport_size({"width": before["width"] // 2, "height": before["height"] // 2})
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    page.set_viewport_size(before)
    assert wide <= 0, f"{page.url}: {wide} px too wide at 200 %"
