"""`mipiao recheck`: a second machine's word before the scrutineers, and each reason why it does not pass."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tally.closing import Closing
from tally.verify import Files
from tests.tally import tweaks
from tests.tally.builders import Draft, grouped, grouped_files
from voting import bench_meeting
from voting.verify import program, recheck

ROOT = Path(__file__).parents[3]


def written(folder: Path, files: Files) -> Path:
    named = {"record.bel": files.bel, "manifest.json": files.manifest, "closing.json": files.closing,
             "voids.json": files.voids, "tally.json": files.tally, "result.json": files.result}  # fmt: skip
    for name, raw in named.items():
        if raw is not None:
            (folder / name).write_bytes(bytes(raw))
    return folder


def seal_of(files: Files) -> str:
    assert files.closing is not None
    return Closing.parse(files.closing).seal


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return written(tmp_path, grouped_files())


def wrong(seal: str) -> str:
    return ("0" if seal[0] != "0" else "1") + seal[1:]


def test_the_right_seal_passes_and_the_record_of_the_recheck_says_everything(
    sound: Path, tmp_path: Path, capsys
) -> None:
    seal, out = seal_of(grouped_files()), tmp_path / "复核记录.html"
    assert recheck.main([str(sound), "--seal", seal.lower().replace(" ", ""), "--html", str(out), "--jobs", "2"]) == 0
    said, page = capsys.readouterr().out, out.read_text(encoding="utf-8")
    assert "= 复核通过" in said
    for words in (
        "<h1>复核记录</h1>", "<b>复核通过</b>", "复核机器", "起止时间", "用时", f"纸上 {seal}，记录 {seal}，相符", program.fingerprint()[:16],
        "档案哈希", "应到", "监票人：", "复核人：", "日期：", "结果由部分解密得出",
    ):  # fmt: skip
        assert words in page, words
    assert len(re.findall("监票人：", page)) == 2
    assert "default-src 'none'" in page


def test_a_seal_that_differs_from_the_paper_is_told_in_a_sentence_and_does_not_pass(
    sound: Path, tmp_path, capsys
) -> None:
    seal, out = seal_of(grouped_files()), tmp_path / "out.html"
    assert recheck.main([str(sound), "--seal", wrong(seal), "--html", str(out)]) == 1
    said = capsys.readouterr().out
    assert f"! 封箱印记不符：签字的纸上是 {wrong(seal)}，记录里是 {seal}。" in said
    assert "= 复核不通过" in said
    page = out.read_text(encoding="utf-8")
    assert "封箱印记不符" in page
    assert "<b>复核不通过</b> 核验全部" in page  # what holds never stands before what does not
    assert "互相吻合" not in page


def test_the_opening_seal_is_compared_too_where_it_was_typed(sound: Path, capsys) -> None:
    seal = seal_of(grouped_files())
    opening = recheck.recheck(str(sound), {}, 1).verdict.report.opening_seal
    assert recheck.main([str(sound), "--seal", seal, "--opening-seal", opening]) == 0
    assert recheck.main([str(sound), "--seal", seal, "--opening-seal", wrong(opening)]) == 1
    assert "! 启用印记不符" in capsys.readouterr().out


def test_a_record_that_does_not_hold_does_not_pass_even_under_its_own_seal(tmp_path: Path, capsys) -> None:
    files = tweaks.shift_a_count_as_last_voter_and_trustee()
    assert recheck.main([str(written(tmp_path, files)), "--seal", seal_of(files)]) == 1
    assert "不能使用" in capsys.readouterr().out


def test_a_record_without_a_result_cannot_be_rechecked_yet(tmp_path: Path, capsys) -> None:
    files = Draft(grouped(), until="closed").files()
    assert recheck.main([str(written(tmp_path, files)), "--seal", seal_of(files)]) == 1
    assert "! 记录还没有计票结果" in capsys.readouterr().out


def test_a_foreign_archive_has_no_seal_to_compare(tmp_path: Path, capsys) -> None:
    from voting import bench_record

    (tmp_path / "foreign.bel").write_bytes(bench_record.closed_archive(1, 1))
    assert recheck.main([str(tmp_path), "--seal", "81D4 2B6E"]) == 1
    assert "不是密票的选举记录" in capsys.readouterr().out


def test_what_is_no_record_does_not_pass_and_raises_no_alarm_about_the_seal(tmp_path: Path, capsys) -> None:
    """A download not unpacked, a folder misspelt: a slip of the hand, not a box that was exchanged."""
    packed = tmp_path / "record.zip"
    packed.write_bytes(b"PK\x03\x04")
    for path, why in ((packed, "请先解压"), (tmp_path, "没有 .bel 文件"), (tmp_path / "x", "没有这个文件")):
        assert recheck.main([str(path), "--seal", "81D4 2B6E"]) == 1
        said = capsys.readouterr().out
        assert "= 复核不通过" in said
        assert "! 没有读到选举记录" in said
        assert "记录里没有读到，没有核对" in said
        assert "不符" not in said
        assert said.count(why) == 1, said


def test_an_archive_cut_short_is_to_be_downloaded_again(sound: Path, capsys) -> None:
    archive = sound / "record.bel"
    archive.write_bytes(archive.read_bytes()[:-700])
    assert recheck.main([str(sound), "--seal", seal_of(grouped_files())]) == 1
    said = capsys.readouterr().out
    assert "! 选举档案不完整或被改动，结果不能使用。请从结果页重新下载" in said
    assert "第 " in said
    assert "不符" not in said


@pytest.mark.parametrize("seal", ["", "81D4", "81D4 2B6G", "81D4 2B6E 0", "８１Ｄ４2B6E"])
def test_what_is_no_seal_is_bad_usage(sound: Path, seal: str, capsys) -> None:
    with pytest.raises(SystemExit) as left:
        recheck.main([str(sound), "--seal", seal])
    assert left.value.code == 2
    assert "印记是 8 位" in capsys.readouterr().err


def test_a_record_of_the_recheck_that_cannot_be_written_is_told(sound: Path, tmp_path: Path, capsys) -> None:
    out = tmp_path / "no such folder" / "out.html"
    assert recheck.main([str(sound), "--seal", seal_of(grouped_files()), "--html", str(out)]) == 1
    assert "写不进" in capsys.readouterr().err


def test_the_benchs_evaluation_of_8_passes_and_has_208_ciphertexts_a_ballot(tmp_path: Path) -> None:
    files = bench_meeting.record(10, 2)
    seal = bench_meeting.write(tmp_path, files)
    ran = subprocess.run(
        [sys.executable, "-m", "voting.cli", "recheck", str(tmp_path / bench_meeting.UUID), "--seal", seal],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (ran.returncode, "= 复核通过" in ran.stdout) == (0, True), ran.stdout + ran.stderr
    assert sum(question.width for question in bench_meeting.questions()) == 208


def test_the_bench_refuses_an_evaluation_too_small_to_decrypt(capsys) -> None:
    from voting import bench

    with pytest.raises(SystemExit) as left:
        bench.main(["--evaluation", "--record", "9"])
    assert left.value.code == 2


def test_the_auditors_machine_needs_no_library_of_the_server() -> None:
    code = (
        "import sys\nfor name in ('flask', 'sqlalchemy', 'click', 'docx', 'xlsxwriter'): sys.modules[name] = None\n"
        "from voting.cli import main\nmain(['recheck', '--help'])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert (ran.returncode, "复核" in ran.stdout) == (0, True), ran.stderr
