"""After the count: the result of an evaluation, the papers, the paper ballots' column."""

import re

from tests.journeys.people import Person
from tests.journeys.walks.persons import PersonsWalk

NOTED = (("#handed_out", 6), ("#returned", 6), ("#invalid", 0))
VOTES = (2, 1, 0, 0, 0, 0, 1, 0, 1, 0)


class PapersWalk(PersonsWalk):
    """What is printed, signed and kept."""

    def prints(self, review: Person) -> None:
        take, base, hall = self.album.take, self.base, self.hall
        review.go(f"{base}/review")
        take("r05-results-two-kinds", review.page)
        review.go(f"{base}/review/polls/{hall.recommended}")
        take("r06-result-of-113", review.page)
        review.go(f"{base}/review/polls/{hall.evaluated}")
        take("r07-evaluation-result", review.page)
        self.album.print("r07-evaluation-result", review.page)
        self.office.go(f"{base}/review/polls/{hall.evaluated}/papers")
        take("p01-papers", self.office.page)
        for name, uuid, paper in (
            ("p02-count-report", hall.recommended, "report"),
            ("p03-recommendation-summary", hall.recommended, "summary"),
            ("p04-evaluation-summary", hall.evaluated, "evaluation"),
        ):
            review.go(f"{base}/review/polls/{uuid}/papers/{paper}.html")
            take(name, review.page)
            self.album.print(name, review.page)

    def counts_paper_ballots(self, review: Person) -> None:
        """Two officials, one after the other; the second first counts something else."""
        take, office = self.album.take, self.office
        office.go(f"{self.base}/office/polls/{self.hall.recommended}/paper-ballots")
        take("p05-paper-ballots-first", office.page)
        self.notes("糜文珊", VOTES)
        take("p06-paper-ballots-second", office.page)
        self.notes("荣佳怡", (1, 2, *VOTES[2:]))
        take("p07-paper-ballots-differ", office.page)
        self.notes("荣佳怡", VOTES)
        take("p08-paper-ballots-confirmed", office.page)
        review.go(f"{self.base}/review/polls/{self.hall.recommended}/papers/summary.html")
        self.album.print("p09-summary-with-paper-column", review.page)

    def notes(self, name: str, votes: tuple[int, ...]) -> None:
        page = self.office.page
        for field, number in (*NOTED, *((f"#q0-{a}", n) for a, n in enumerate(votes)), ("#q0-abstain", 1)):
            page.locator(field).fill(str(number))
        page.locator("#name").fill(name)
        self.office.press(re.compile("^登记第"))
