"""The simulated office: set-up link, selection, candidates, poll, trustees' links, slips, open, counts, close."""

import csv
import io
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit

from keys import credential
from keys.curve import ED25519
from tally import voids
from voting.rehearse.browser import Browser, Form, Page, Stuck
from voting.rehearse.checking import TestPhone
from voting.rehearse.keepers import Keeper
from voting.rehearse.phones import Handed, read_slips
from voting.rehearse.plan import Plan, PlannedPost

LINK = re.compile(r'id="link"[^>]*>([^<]+)<')
PHI = re.compile(r'data-phi="([^"]+)"')
AT_ONCE = 50  # voids in one request
OFFICIALS = {"name_1": "演练监票人", "name_2": "演练计票人"}


@dataclass(slots=True)
class Office:
    """One clerk at one browser, and the poll being run."""

    browser: Browser
    uuid: str = ""
    printed: int = 0
    posts: list[str] = field(default_factory=list)

    def set_up(self, link: str) -> None:
        """Use the first administrator's one-time link and log in with the chosen password."""
        password = secrets.token_urlsafe(18)
        first = self.browser.get(urlsplit(link).path).form(has="setup_token")
        second = self.browser.submit(first, {"setup_token": urlsplit(link).fragment}).form(has="password")
        chosen = {"name": "演练经办人", "login": "rehearsal", "password": password, "again": password}
        log_in = self.browser.submit(second, chosen).form(action="/login", has="password")
        self.browser.submit(log_in, {"login": "rehearsal", "password": password})

    def enter_selection(self, plan: Plan) -> str:
        """Create the selection and its posts and import the candidates; returns the selection's id."""
        form = self.browser.get("/office/selections/new").form(has="plan_date")
        page = self.browser.submit(
            form,
            {"title": "演练", "bureau": "演练单位", "plan_date": date.today().isoformat(), "rehearsal": "y"},  # noqa: DTZ011 - a form's date
        )
        selection = _last_number(page.url)
        for post in plan.posts:
            form = self.browser.get(f"/office/selections/{selection}").form(action="/posts", has="places")
            candidates = self.browser.submit(form, {"title": post.title, "places": str(post.places)})
            self.posts.append(_number_before(candidates.url, "/candidates"))
            self._import(post)
        return selection

    def _import(self, post: PlannedPost) -> None:
        page = self.browser.get(f"/office/posts/{self.posts[-1]}/candidates")
        preview = self.browser.submit(page.form(has="file"), {"file": ("候选人.csv", _table(post.candidates))})
        self.browser.submit(preview.form(action="/confirm", has="preview"))

    def enter_poll(self, selection: str, plan: Plan) -> None:
        """Draft the rehearsal poll; the persons of an evaluation come from a file."""
        form = self.browser.get(f"/office/selections/{selection}/polls/new?kind={plan.kind}").form(has="administrator")
        if plan.persons:
            listed = ("测评对象.csv", _table(plan.persons))
            form = self.browser.submit(form, {"import": "y", "file": listed}).form(has="administrator")
            fields = {"title": "演练：民主测评", "rehearsal": "y"}
        else:
            fields = self._posts_of(form, plan)
        for name in form.names:
            if name.startswith("groups-"):
                fields[name] = ""
        for number, (label, size) in enumerate(plan.groups):
            fields |= {
                f"groups-{number}-label": label,
                f"groups-{number}-expected": str(size),
                f"groups-{number}-spares": "",
            }
        self.uuid = self.browser.submit(form, fields).url.rstrip("/").rsplit("/", 1)[1]

    def _posts_of(self, form: Form, plan: Plan) -> dict[str, str]:
        """What is typed for a recommendation."""
        fields = {"title": "演练：会议推荐", "form": "meeting", "rehearsal": "y"}
        order = [name for name in sorted(form.names) if name.endswith("-post_id")]
        by_post = {value: name for name, value in form.fields if name in order}
        for number, (post_id, post) in enumerate(zip(self.posts, plan.posts, strict=True)):
            name = by_post.get(post_id, f"questions-{number}-post_id")
            fields[name] = post_id
            fields[name.replace("-post_id", "-max_choices")] = str(post.max_choices)
        return fields

    def invite(self, trustees: int) -> list[Keeper]:
        """Name the trustees; each link is shown once."""
        keepers = []
        for n in range(1, trustees + 1):
            form = self._console().form(action="/trustees", has="role")
            page = self.browser.submit(form, {"name": f"演练保管人{'一二三四五六七八九'[n - 1]}", "role": "密钥保管人"})
            found = LINK.search(page.text)
            if found is None:
                raise Stuck(f"{page.url}: no link for trustee {n}")
            keepers.append(Keeper(found[1]))
        return keepers

    def issue(self) -> list[Handed]:
        """Press 印制选票 and read the printed page."""
        form = self.browser.get(f"/office/polls/{self.uuid}/slips").form(action=f"/{self.uuid}/slips")
        slips = read_slips(self.browser.submit(form).text)
        self.printed = len(slips)
        if not slips or len({slip.code for slip in slips}) != len(slips):
            raise Stuck("the printed page holds no slips, or one twice")
        return slips

    def press(self, step: str, **fields: str) -> Page:
        """Press a button of the console: keyed, people, officials, open, counts, closing, close."""
        return self.browser.submit(self._console().form(action=f"/{self.uuid}/{step}"), fields)

    def go(self, *steps: str) -> None:
        """Press the meeting's one button, step after step."""
        for step in steps:
            form = self._console().form(action=f"/{self.uuid}/step", has="to")
            if ("to", step) not in form.fields:
                raise Stuck(f"the console does not lead on to {step}")
            self.browser.submit(form)

    def pass_preflight(self) -> None:
        """The test phone reads the printed sample and goes the whole way over HTTP; the disk is tried."""
        (sample,) = read_slips(self.browser.get(f"/office/polls/{self.uuid}/sample").text)
        phone = TestPhone(self.browser.base, self.uuid, sample.code)
        phone.run()
        self.press("checks")

    def begin_meeting(self, voters: int) -> None:
        """From the pre-flight to the empty box: count the people, read the rules, name the officials."""
        self.pass_preflight()
        self.go("count")
        self.press("people", expected=str(voters), present=str(voters))
        self.go("officials")
        self.press("officials", **OFFICIALS)

    def count_the_room(self, voters: int) -> None:
        """Type in 应到, 实到 and the slips left in hand."""
        self.press("counts", expected=str(voters), present=str(voters), left_in_hand=str(self.printed - voters))

    def void_leftovers(self, slips: Sequence[Handed]) -> None:
        """Void the slips that nobody drew, as the page of last call does: proofs are made here, codes stay here."""
        page = f"/office/polls/{self.uuid}/voids"
        phi = PHI.search(self.browser.get(page).text)
        if phi is None:
            raise Stuck(f"{page}: the page does not say which election it is about")
        pair = (OFFICIALS["name_1"], OFFICIALS["name_2"])
        made = [
            voids.make(ED25519, phi[1], credential.secret(ED25519, self.uuid, slip.code), "leftover", None, pair,
                       secrets.token_bytes)
            for slip in slips
        ]  # fmt: skip
        for start in range(0, len(made), AT_ONCE):
            form = self.browser.get(page).form(has="voids")
            self.browser.submit(form, {"voids": voids.encode(made[start : start + AT_ONCE]).decode()})

    def _console(self) -> Page:
        return self.browser.get(f"/office/polls/{self.uuid}")


def _table(people: Sequence[tuple[str, str, str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([("姓名", "现任职务", "所在处室"), *people])
    return text.getvalue().encode("gb18030")  # as HR's spreadsheet program saves it


def _last_number(url: str) -> str:
    found = re.search(r"(\d+)/?$", urlsplit(url).path)
    if found is None:
        raise Stuck(f"{url} names nothing new")
    return found[1]


def _number_before(url: str, tail: str) -> str:
    found = re.search(rf"/(\d+){re.escape(tail)}", urlsplit(url).path)
    if found is None:
        raise Stuck(f"{url} names no post")
    return found[1]
