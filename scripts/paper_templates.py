"""Writes the Word templates that the software ships: python scripts/paper_templates.py (templates/papers/word/*.docx)."""

from pathlib import Path

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

FOLDER = Path(__file__).resolve().parents[1] / "templates" / "papers" / "word"
TITLES = {"计票报告单": False, "推荐情况汇总表": True, "民主测评汇总表": True, "党组会表决情况": False}
SONG, FANG, BLACK = "方正小标宋简体", "仿宋", "黑体"


def font(run: Run, name: str, size: float, *, bold: bool = False, colour: tuple[int, int, int] | None = None) -> None:
    """Set a run's font, for Chinese and for Latin letters."""
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, "Times New Roman"
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)  # noqa: SLF001 - python-docx sets no East Asian font
    if colour:
        run.font.color.rgb = RGBColor(*colour)


def line(
    made: DocumentType, text: str, name: str = FANG, size: float = 12, *, centred: bool = False, after: float = 0,
    bold: bool = False, exact: bool = True,
) -> Paragraph:  # fmt: skip
    """Add a paragraph in one font; lines are of a fixed height, as GB/T 9704 wants, whatever font the machine has."""
    paragraph = made.add_paragraph()
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(0), Pt(after)
    if exact:
        paragraph.paragraph_format.line_spacing = Pt(size * 1.4)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    font(paragraph.add_run(text), name, size, bold=bold)
    return paragraph


def sheets(made: DocumentType) -> None:
    """What every template says, paper after paper."""
    line(made, "{%p for paper in papers %}")
    line(made, "{%p if paper.stamp %}")
    line(made, "{{ paper.stamp }}", BLACK, 12, centred=True, after=4, bold=True)
    line(made, "{%p endif %}")
    line(made, "{{ paper.title }}", SONG, 22, centred=True, after=4)
    line(made, "{%p for line in paper.about %}")
    line(made, "{{ line }}", centred=True)
    line(made, "{%p endfor %}")
    line(made, "{%p for fact in paper.facts %}")
    line(made, "{{ fact.label }}：{{ fact.value }}")
    line(made, "{%p endfor %}")
    figures(made)
    line(made, "{%p if not loop.last %}")
    made.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    line(made, "{%p endif %}")
    line(made, "{%p endfor %}")


def figures(made: DocumentType) -> None:
    """Tables, arithmetic, notes, seals, lines to sign on."""
    line(made, "{{ paper.tables }}")
    line(made, "{%p for check in paper.checks %}")
    line(made, "{{ check.text }}{% if check.outcome %}　　{{ check.outcome }}{% endif %}", size=10.5)
    line(made, "{%p endfor %}")
    line(made, "{%p for note in paper.notes %}")
    line(made, "{{ loop.index }}．{{ note }}", size=10)
    line(made, "{%p endfor %}")
    seals = line(made, "{% for seal in paper.seals %}", BLACK, 14, exact=False)
    font(seals.add_run("{{ seal.name }} {{ seal.eight }} "), BLACK, 14, colour=(0xA3, 0x24, 0x1B))
    font(seals.add_run("{{ seal.qr }}"), BLACK, 14)
    font(seals.add_run("　　{% endfor %}"), BLACK, 14)
    seals.paragraph_format.keep_with_next = True
    line(
        made,
        "{% for one in paper.signatures %}{{ one.role }}{% if one.name %}（{{ one.name }}）{% endif %}：＿＿＿＿＿＿　{% endfor %}",
        after=6,
    )
    line(made, "{%p for mark in paper.marks %}")
    line(made, "{{ mark.label }}　{{ mark.value }}", size=8)
    line(made, "{%p endfor %}")
    line(made, "{%p for seal in paper.seals %}")
    line(made, "{{ seal.name }}全文　{{ seal.full }}", size=8)
    line(made, "{%p endfor %}")


def write(title: str, *, landscape: bool) -> None:
    """Write one template."""
    made = Document()
    section = made.sections[0]
    section.page_width, section.page_height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.left_margin = section.right_margin = Mm(16)
    section.top_margin, section.bottom_margin = Mm(18), Mm(16)
    style = made.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(12)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FANG)
    languages = OxmlElement("w:lang")
    languages.set(qn("w:eastAsia"), "zh-CN")
    style.element.rPr.append(languages)
    head = section.header.paragraphs[0]
    head.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    font(head.add_run("{{ stamp }}"), BLACK, 9)
    sheets(made)
    made.core_properties.title, made.core_properties.author = title, ""
    made.save(FOLDER / f"{title}.docx")


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for title, landscape in TITLES.items():
        write(title, landscape=landscape)
