"""Pictures of pages, each looked at by axe and by a few rules of the eye."""

import io
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page

from tests.journeys.people import DESK, PHONE, SERIOUS

SIZES = (PHONE, DESK)
TALLEST = 4000  # pixels of a page that are looked at
LOOK = """() => {
  const seen = (e) => { const r = e.getBoundingClientRect(); return r.width > 1 && r.height > 1 && e.checkVisibility({visibilityProperty: true}) && !e.closest("details:not([open]) > :not(summary)"); };
  const words = (e) => (e.getAttribute("aria-label") || e.textContent || e.value || e.name || "").trim().slice(0, 24);
  const booth = !!document.querySelector("link[href*='booth.css']");
  const found = [];
  if (document.documentElement.scrollWidth > innerWidth && !document.querySelector(".slip") && getComputedStyle(document.documentElement).overflowX !== "hidden") found.push(`sideways ${document.documentElement.scrollWidth}`);
  const filled = [...document.querySelectorAll(booth ? ".btn:not(.alt)" : ".btn-primary, .bar button")].filter((e) => seen(e) && !e.disabled);
  if (filled.length > 1) found.push("filled buttons: " + filled.map(words).join(" | "));
  const least = booth ? 44 : 24;
  for (const e of document.querySelectorAll("a, button, input:not([type=hidden]), select, summary")) {
    if (!seen(e) || e.matches(".skip")) continue;
    const box = (e.matches("[type=radio],[type=checkbox]") && e.closest("label") || e).getBoundingClientRect();
    if (box.height < least && !(e.tagName === "A" && getComputedStyle(e).display === "inline" && e.closest("p, li, h2, td, th, span"))) found.push(`small ${Math.round(box.height)}px: ${words(e)}`);
    if (e.tagName === "INPUT" && e.readOnly && e.scrollWidth > e.clientWidth + 1) found.push("cut: " + words(e));
  }
  for (const e of document.querySelectorAll("button, .chip, .tag, dt, th, h1, h2"))
    if (seen(e) && e.scrollWidth > e.clientWidth + 2 && getComputedStyle(e).overflow === "hidden") found.push("cut: " + words(e));
  return found;
}"""


def _keep(picture: bytes, path: Path) -> None:
    """A page has few colours: with 96 of them a picture looks the same and takes a third of the room."""
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(96, dither=Image.Dither.NONE).save(path, optimize=True)


@dataclass
class Album:
    """The pictures of a walk, and what was wrong on them."""

    folder: Path
    wrong: list[str] = field(default_factory=list)
    taken: int = 0

    def take(self, name: str, page: Page, sizes: tuple[dict[str, int], ...] = SIZES, *, whole: bool = True) -> None:
        """Save the page as it stands in each size; remember what axe and the eye's rules find."""
        before = page.viewport_size
        for size in sizes:
            page.set_viewport_size(size)
            page.evaluate("scrollTo(0, 0)")
            page.wait_for_timeout(80)
            tall = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
            name_of = f"{name}-{size['width']}"
            clip = {"x": 0, "y": 0, "width": size["width"], "height": max(tall, size["height"])}
            picture = page.screenshot(full_page=whole, clip=clip if whole else None)
            _keep(picture, self.folder / f"{name_of}.png")
            self.taken += 1
            found = Axe().run(page).response["violations"]
            self.wrong += [
                f"{name_of}: axe {one['id']}: {one['nodes'][0]['html'][:110]}"
                for one in found
                if one["impact"] in SERIOUS
            ]
            self.wrong += [f"{name_of}: {one}" for one in page.evaluate(LOOK)]
        if before:
            page.set_viewport_size(before)

    def print(self, name: str, page: Page) -> None:
        """The page as paper."""
        page.emulate_media(media="print")
        page.pdf(path=self.folder / f"{name}.pdf", prefer_css_page_size=True, print_background=True)
        page.emulate_media(media="screen")
