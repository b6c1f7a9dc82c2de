"""Pictures of pages, each looked at by axe and by a few rules of the eye."""

import io
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page

from tests.journeys.keyboard import enlarged, reading_order
from tests.journeys.people import DESK, PHONE, SERIOUS

SIZES = (PHONE, DESK)
ROOMS = ({"width": 1920, "height": 1080}, {"width": 1024, "height": 768})
TABLET = {"width": 1280, "height": 800}
TALLEST = 4000  # pixels of a page that are looked at
COLOURS = 64
FOR_PHONES = (
    "fhm"  # areas (a name's first letter) whose page is held in a hand: in a short album only that picture is kept
)
LOOK = """() => {
  const seen = (e) => { const r = e.getBoundingClientRect(); return r.width > 1 && r.height > 1 && e.checkVisibility({visibilityProperty: true}) && !e.closest("details:not([open]) > :not(summary)"); };
  const words = (e) => (e.getAttribute("aria-label") || e.textContent || e.value || e.name || "").trim().slice(0, 24);
  const booth = !!document.querySelector("link[href*='booth.css']");
  const found = [];
  if (document.documentElement.scrollWidth > innerWidth && !document.querySelector(".slip, .a4") && getComputedStyle(document.documentElement).overflowX !== "hidden") found.push(`sideways ${document.documentElement.scrollWidth}`);
  const filled = [...document.querySelectorAll(booth ? ".btn:not(.alt)" : ".btn-primary, .bar button:not(.btn)")].filter((e) => seen(e) && !e.disabled);
  if (filled.length > 1) found.push("filled buttons: " + filled.map(words).join(" | "));
  const least = booth ? 44 : 24;
  for (const e of document.querySelectorAll("a, button, input:not([type=hidden]), select, summary")) {
    if (!seen(e) || e.matches(".skip, .vh")) continue;
    const box = (e.matches("[type=radio],[type=checkbox]") && e.closest("label") || e).getBoundingClientRect();
    if (box.height < least && !(e.tagName === "A" && getComputedStyle(e).display === "inline" && e.closest("p, li, h2, td, th, span"))) found.push(`small ${Math.round(box.height)}px: ${words(e)}`);
    if (e.tagName === "INPUT" && e.readOnly && e.scrollWidth > e.clientWidth + 1) found.push("cut: " + words(e));
  }
  for (const e of document.querySelectorAll("button, .chip, .tag, dt, th, h1, h2"))
    if (seen(e) && e.scrollWidth > e.clientWidth + 2 && getComputedStyle(e).overflow === "hidden") found.push("cut: " + words(e));
  return found;
}"""
FAR = {"runOnly": {"type": "rule", "values": ["color-contrast-enhanced"]}, "rules": {"color-contrast-enhanced": {"enabled": True}}}  # fmt: skip


def _keep(picture: bytes, path: Path) -> None:
    """A page has few colours: with so few a picture looks the same and takes a third of the room."""
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


@dataclass
class Album:
    """The pictures of a walk, and what was wrong on them. A short one keeps, and shows to axe, the size a page is made for."""

    folder: Path
    short: bool = False
    start: str = ""
    """The name with which the pictures begin: a walk that broke late need not take the earlier ones again."""
    wrong: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def take(self, name: str, page: Page, sizes: tuple[dict[str, int], ...] = SIZES, *, whole: bool = True) -> None:
        """Save the page as it stands in each size; remember what axe and the eye's rules find."""
        self.start = "" if name == self.start else self.start
        if self.start:
            return
        before = page.viewport_size
        for size in sizes:
            page.set_viewport_size(size)
            page.evaluate("scrollTo(0, 0)")
            page.wait_for_timeout(80)
            name_of = f"{name}-{size['width']}"
            kept = self._keeps(name, size, sizes)
            if kept:
                self._shoot(name_of, page, size, whole=whole)
            self._examine(name_of, page, thoroughly=kept, far=sizes is ROOMS)
        if before:
            page.set_viewport_size(before)

    def print(self, name: str, page: Page) -> None:
        """The page as paper: its sheets side by side."""
        if self.start:
            return
        page.emulate_media(media="print")
        paper = self.folder / f"{name}-print.pdf"
        page.pdf(path=paper, prefer_css_page_size=True, print_background=True)
        page.emulate_media(media="screen")
        sheets = paper.with_suffix("")
        if shutil.which("pdftoppm") is None:  # poppler: without it the paper stays a PDF
            return
        subprocess.run(["pdftoppm", "-r", "70", "-png", "-l", "4", paper, sheets], check=True)
        pages = [Image.open(one) for one in sorted(self.folder.glob(f"{sheets.name}-*.png"))]
        whole = Image.new("RGB", (sum(one.width + 8 for one in pages) - 8, max(one.height for one in pages)), "#888")
        for n, one in enumerate(pages):
            whole.paste(one, (sum(earlier.width + 8 for earlier in pages[:n]), 0))
        for one in self.folder.glob(f"{sheets.name}-*.png"):
            one.unlink()
        paper.unlink()
        out = io.BytesIO()
        whole.save(out, "PNG")
        _keep(out.getvalue(), self.folder / f"{sheets.name}.png")
        self.names.append(sheets.name)

    def _keeps(self, name: str, size: dict[str, int], sizes: tuple[dict[str, int], ...]) -> bool:
        return not self.short or sizes is not SIZES or size is (PHONE if name[0] in FOR_PHONES else DESK)

    def _shoot(self, name: str, page: Page, size: dict[str, int], *, whole: bool) -> None:
        tall = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
        if whole and tall > size["height"]:  # as on a taller screen: what sticks to the bottom stands at the bottom
            page.set_viewport_size({"width": size["width"], "height": tall})
        _keep(page.screenshot(), self.folder / f"{name}.png")
        page.set_viewport_size(size)
        self.names.append(name)

    def _examine(self, name: str, page: Page, *, thoroughly: bool, far: bool) -> None:
        self.wrong += [f"{name}: {one}" for one in page.evaluate(LOOK)]
        if not thoroughly:
            return
        found = [one for one in Axe().run(page).response["violations"] if one["impact"] in SERIOUS]
        if far:  # what is read across a room wants 7:1
            found += Axe().run(page, options=FAR).response["violations"]
        self.wrong += [f"{name}: axe {one['id']}: {one['nodes'][0]['html'][:110]}" for one in found]
        if page.viewport_size in (DESK, TABLET) and not page.locator("section.sheet .slip, .a4").count():
            for rule in (reading_order, enlarged):
                try:
                    rule(page)
                except AssertionError as broken:
                    self.wrong.append(f"{name}: {broken}")
