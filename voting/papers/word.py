"""Papers as Word documents, from templates that the office owns: it may put its own in place of those shipped.

A template says where each piece stands (docs/papers.md lists the fields); tables, whose columns differ from poll to
poll, are put in where it says `{{ paper.tables }}`. Whatever is wrong with a template is told, and nothing half-filled
leaves: a document without its figures, its seals or the rehearsal's stamp would be worse than none.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx.document import Document
from docx.oxml.exceptions import InvalidXmlError
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateError
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace
from lxml.etree import XMLSyntaxError

from voting.errors import Code, Refused
from voting.papers.model import Check, Fact, Paper, Seal, Signature
from voting.papers.picture import png
from voting.papers.word_table import insert

SHIPPED = Path(__file__).resolve().parents[2] / "templates" / "papers" / "word"
PLAIN = (str, int, dict, list, tuple, Fact, Check, Signature, LoopContext, Namespace)
"""What a template may look into. A picture hangs on the whole document, through which files could be read and written."""
MAX_TEMPLATE = 4 << 20  # bytes
MARK = re.compile(r"\[\[tables (\d+)\]\]")
FIELDS = {"tables": "{{ paper.tables }}", "stamp": "{{ paper.stamp }}", "seal": "{{ seal.eight }}", "title": "{{ paper.title }}",
          "signature": "{{ one.role }}", "note": "{{ note }}"}  # fmt: skip


class Fields(ImmutableSandboxedEnvironment):
    """Jinja for templates that anybody may have made: they see a paper's words, and nothing of the program."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may follow `attr`."""
        return isinstance(obj, PLAIN) and super().is_safe_attribute(obj, attr, value)


def template(title: str, own: Path) -> Path:
    """The template in use for a paper: the office's own, `<title>.docx` in `own`, else the one shipped."""
    mine = own / f"{title}.docx"
    return mine if mine.is_file() else SHIPPED / f"{title}.docx"


def document(papers: Sequence[Paper], path: Path) -> bytes:
    """The `.docx` file. Raises Refused(PAPER_TEMPLATE), with the template's name and what is wrong."""
    try:
        if path.stat().st_size > MAX_TEMPLATE:
            raise Refused(Code.PAPER_TEMPLATE, f"{path.name}：文件超过 4 MB")
        return _filled(papers, path)
    except TemplateError as error:
        raise Refused(Code.PAPER_TEMPLATE, f"{path.name}：{_told(error)}") from error
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, XMLSyntaxError, InvalidXmlError) as error:
        raise Refused(
            Code.PAPER_TEMPLATE, f"{path.name}：不是能读的 .docx 文件，请用 Word 或 WPS 另存为 .docx"
        ) from error


def _filled(papers: Sequence[Paper], path: Path) -> bytes:
    found = DocxTemplate(path)
    environment = Fields(autoescape=True, undefined=StrictUndefined)
    context = {"papers": [_plain(found, k, paper) for k, paper in enumerate(papers)], "stamp": papers[0].stamp}
    found.render(context, jinja_env=environment)
    filled: Document = found.docx
    for k, paper in enumerate(papers):
        _put_tables(filled, k, paper, path)
    _complete(filled, papers, path)
    sink = io.BytesIO()
    filled.save(sink)
    return sink.getvalue()


def _plain(found: Any, k: int, paper: Paper) -> dict[str, Any]:
    """What a template can say of a paper."""
    return {
        "title": paper.title, "about": paper.about, "facts": paper.facts, "checks": paper.checks, "notes": paper.notes,
        "marks": paper.marks, "signatures": paper.signatures, "stamp": paper.stamp, "tables": f"[[tables {k}]]",
        "seals": [_seal(found, seal) for seal in paper.seals],
    }  # fmt: skip


def _seal(found: Any, seal: Seal) -> dict[str, Any]:
    picture = InlineImage(found, io.BytesIO(png(seal.full)), width=Mm(24))
    return {"name": seal.name, "eight": seal.eight, "full": seal.full, "qr": picture}


def _put_tables(filled: Document, k: int, paper: Paper, path: Path) -> None:
    for paragraph in filled.paragraphs:
        mark = MARK.search(paragraph.text)
        if mark and int(mark[1]) == k:
            insert(filled, paragraph, paper)
            return
    raise Refused(Code.PAPER_TEMPLATE, f"{path.name}：没有独占一段的 {FIELDS['tables']}，表格无处可放")


def _complete(filled: Document, papers: Sequence[Paper], path: Path) -> None:
    """Everything that a paper must not lack is in the document. Raises Refused(PAPER_TEMPLATE)."""
    text = "".join(node.text or "" for node in filled.element.body.iter() if str(node.tag).endswith("}t"))
    for paper in papers:
        needed = [("title", paper.title), ("stamp", paper.stamp), *(("seal", seal.eight) for seal in paper.seals),
                  *(("signature", one.role) for one in paper.signatures), *(("note", note) for note in paper.notes)]  # fmt: skip
        for field, words in needed:
            if words not in text:
                raise Refused(Code.PAPER_TEMPLATE, f"{path.name}：缺少 {FIELDS[field]}（{words[:20]}）")


def _told(error: TemplateError) -> str:
    """Jinja's message, with the line of the template where it knows one."""
    context = getattr(error, "docx_context", None)
    where = f"，在“{re.sub('<[^>]*>', '', ' '.join(context)).strip()[:60]}”附近" if context else ""
    message = str(error).removesuffix(".")
    unknown = re.search(r"'([^']+)' is undefined|has no attribute '([^']+)'", message)
    if unknown:
        return f"没有“{unknown[1] or unknown[2]}”这个字段{where}"
    return f"模板语法不对（{message}）{where}"
