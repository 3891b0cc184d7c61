"""A file can harm its worker at most: it is read or named, within limits, and the rest go on."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pypdf
import pypdfium2
import pytest

from rag.errors import ReadError
from rag.ingest import Limits, ReadRequest, read_files
from rag.types import Document

LIMITS = Limits(seconds_a_page=15.0, seconds=40.0)
PLAIN = '#set page(paper: "a4")\n#set text(font: "Noto Serif CJK SC", size: 10.5pt)\n'
READ = """
import sys, pathlib
from rag.ingest import ReadRequest, read_files
for _, document in read_files([ReadRequest(pathlib.Path(sys.argv[1]))]):
    print(*document.page_texts)
"""


def results(paths, **options):
    ocr = options.pop("ocr", False)
    read = read_files([ReadRequest(p, ocr=ocr) for p in paths], limits=options.pop("limits", LIMITS), **options)
    return {request.path.name: result for request, result in read}


def scan_of_seven_pages(path, typeset):
    drugs = ["氨氯地平", "缬沙坦", "美托洛尔", "氢氯噻嗪", "依那普利", "螺内酯", "特拉唑嗪"]
    text = "\n#pagebreak()\n".join(f"{drug}用于血压没有达标的患者，每日一次，两周后复查。" for drug in drugs)
    pages = [page.render(scale=2).to_pil().convert("RGB") for page in pypdfium2.PdfDocument(typeset(text, preamble=PLAIN))]
    pages[0].save(path, save_all=True, append_images=pages[1:])
    return path


@pytest.fixture(scope="module")
def good(typeset):
    return typeset("一、诊断标准\n\n收缩压达到一百四十毫米汞柱，非同日三次测量，即可诊断为高血压并开始管理。", preamble=PLAIN)


def test_hostile_files_are_named_or_read_and_the_rest_go_on(tmp_path, good, bombs):
    hostile = {
        "recursive_form": bombs.recursive_form(), "recursive_pages": bombs.recursive_pages(), "many_objects": bombs.many_objects(),
        "swollen": bombs.swollen_stream(), "huge_image": bombs.huge_image(), "huge_page": bombs.huge_page(),
        "zero": b"", "not_pdf": b"hello", "truncated": bombs.many_pages(5)[:400], "picture_only": bombs.picture_only(),
    }  # fmt: skip
    paths = [good]
    for name, data in hostile.items():
        paths.append(tmp_path / f"{name}.pdf")
        paths[-1].write_bytes(data)
    found = results(paths)
    assert set(found) == {p.name for p in paths}
    assert isinstance(found[good.name], Document)
    for name in hostile:
        result = found[f"{name}.pdf"]
        if isinstance(result, ReadError):
            assert f"{name}.pdf" in str(result)
            assert "\n" not in str(result)
        else:
            assert result.passages
    for name, says in {"zero": "0 字节", "not_pdf": "不是 PDF", "truncated": "损坏", "picture_only": "--no-ocr", "recursive_pages": "损坏"}.items():
        assert says in str(found[f"{name}.pdf"])


def test_files_are_read_where_the_temporary_folder_takes_no_socket(tmp_path, good):
    long = tmp_path / ("x" * 100)
    long.mkdir()
    done = subprocess.run([sys.executable, "-c", READ, good], env=os.environ | {"TMPDIR": str(long)}, capture_output=True, text=True)
    assert "非同日三次测量" in done.stdout


@pytest.mark.skipif(os.name != "posix", reason="Windows 没有进程组的中断")
def test_workers_that_are_just_starting_say_nothing_of_an_interruption(good):
    code = f"try:{READ.replace(chr(10), chr(10) + ' ')}\nexcept KeyboardInterrupt: pass"
    process = psutil.Popen([sys.executable, "-c", code, good], stderr=subprocess.PIPE, start_new_session=True)
    while process.poll() is None and len(process.children()) < 2:
        time.sleep(0.005)
    time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)
    assert process.communicate()[1] == b""


def test_a_password_is_asked_for(tmp_path, good):
    writer = pypdf.PdfWriter(clone_from=good)
    writer.encrypt(user_password="geheim", owner_password="owner", algorithm="AES-256")
    writer.write(tmp_path / "locked.pdf")
    assert "--password" in str(results([tmp_path / "locked.pdf"])["locked.pdf"])


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="只在 Linux 上能看到进程载入了什么")
def test_of_two_workers_one_loads_the_recogniser_which_takes_most_memory(tmp_path, typeset):
    pytest.importorskip("rapidocr", reason="需要 zhinan[ocr]")
    scans = [scan_of_seven_pages(tmp_path / f"{name}.pdf", typeset) for name in ("one", "two")]
    together = []

    def look(path, done, total):
        maps = [Path(f"/proc/{child.pid}/maps").read_text() for child in psutil.Process().children(recursive=True)]
        together.append(sum("onnxruntime" in libraries for libraries in maps))

    found = results(scans, ocr=True, workers=2, progress=look)
    assert [len(result.page_texts) for result in found.values()] == [7, 7]
    assert max(together) == 1


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="只在 Linux 上能看到进程载入了什么")
def test_a_scan_goes_on_without_the_pages_whose_recogniser_was_killed(tmp_path, typeset):
    pytest.importorskip("rapidocr", reason="需要 zhinan[ocr]")
    killed = []

    def kill(path, done, total):
        for child in psutil.Process().children(recursive=True):
            if not killed and "onnxruntime" in Path(f"/proc/{child.pid}/maps").read_text():
                child.kill()
                killed.append(child.pid)

    found = results([scan_of_seven_pages(tmp_path / "scan.pdf", typeset)], ocr=True, workers=1, progress=kill)["scan.pdf"]
    assert killed
    assert any("第 1–3 页" in warning and "没有成功" in warning for warning in found.warnings)
    assert "特拉唑嗪" in found.page_texts[6]


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="只在 Linux 上由一个预备好的进程派生")
def test_a_reader_for_whom_nothing_is_left_goes(tmp_path, good, bombs):
    path = tmp_path / "long.pdf"
    path.write_bytes(bombs.many_pages(300))
    readers = []

    def look(path, done, total):
        readers.append(len(psutil.Process().children(recursive=True)) - len(psutil.Process().children()))

    found = results([path, good], progress=look)
    assert isinstance(found[good.name], Document)
    assert max(readers) == 2
    assert readers[-1] == 1


def test_two_thousand_pages_are_read_with_progress(tmp_path, bombs):
    path = tmp_path / "long.pdf"
    path.write_bytes(bombs.many_pages(2000))
    told = []
    found = results([path], progress=lambda p, done, total: told.append((done, total)))
    result = found["long.pdf"]
    assert isinstance(result, ReadError) or len(result.page_texts) == 2000
    assert told[0] == (1, 2000)
    assert told[-1] == (2000, 2000)


def test_a_file_that_takes_too_long_is_stopped_and_named(tmp_path, good, bombs):
    other = tmp_path / "slow.pdf"
    other.write_bytes(bombs.many_objects(2_000_000))
    started = time.monotonic()
    found = results([other, good], limits=Limits(seconds_a_page=1.0, seconds=2.0), workers=1)
    assert time.monotonic() - started < 20
    assert "已停止" in str(found["slow.pdf"])
    assert isinstance(found[good.name], Document)


def test_a_worker_without_memory_names_its_file(tmp_path, good, bombs):
    path = tmp_path / "swollen.pdf"
    path.write_bytes(bombs.swollen_stream(700))
    found = results([path], limits=Limits(15.0, 40.0, memory=600 << 20))
    assert isinstance(found["swollen.pdf"], ReadError)
    assert "swollen.pdf" in str(found["swollen.pdf"])
