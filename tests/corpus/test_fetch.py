from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from rag.digest.catalogue import Source
from rag.digest.fetch import Fetcher, fetch_all
from rag.digest.transfer import FetchError
from rag.errors import NetworkForbiddenError

PDF = b"%PDF-1.7\n" + b"0123456789abcdef" * 20_000 + b"\n%%EOF\n"
PAGE = ("<!DOCTYPE html><html><head><meta charset='utf-8'><title>中国高血压防治指南</title></head><body><h1>中国高血压防治指南"
        "（2018年修订版）</h1>" + "<p>正文</p>" * 200 + "</body></html>").encode()


def source(url: str, kind: str = "pdf", **others: object) -> Source:
    row = {"id": "htn-2018", "title": "中国高血压防治指南（2018年修订版）", "issuer": "委员会", "year": 2018, "diseases": ("高血压",),
           "citation": "某杂志, 2018.", "seen": "测试", "url": url, "direct": True, "kind": kind}
    return Source(**row | others)


def send(handler: BaseHTTPRequestHandler, body: bytes, code: int = 200, **headers: str) -> None:
    handler.send_response(code)
    for name, value in ({"Content-Length": str(len(body))} | {k.replace("_", "-"): v for k, v in headers.items()}).items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def fetcher(folder: Path, **others: object) -> Fetcher:
    return Fetcher(folder, sleep=lambda seconds: None, **others)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def leftovers(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if p.name.startswith("."))


def test_a_pdf_is_saved_with_its_hash_and_nothing_is_left_over(site, tmp_path):
    site.answer = lambda h, n: send(h, PDF)
    done, state = fetcher(tmp_path).fetch(source(site.url))
    assert state == "new"
    assert (tmp_path / done.file).read_bytes() == PDF
    assert done.sha256 == hashlib.sha256(PDF).hexdigest()
    assert json.loads((tmp_path / "downloads.json").read_text())[0]["sha256"] == done.sha256
    assert leftovers(tmp_path) == []


def test_a_broken_off_download_goes_on_where_it_stopped(site, tmp_path):
    def answer(h, n):
        if n == 1:
            h.send_response(200)
            h.send_header("Content-Length", str(len(PDF)))
            h.send_header("ETag", '"v1"')
            h.end_headers()
            h.wfile.write(PDF[:100_000])
            return
        start = int(h.headers["Range"].removeprefix("bytes=").rstrip("-"))
        send(h, PDF[start:], 206, Content_Range=f"bytes {start}-{len(PDF) - 1}/{len(PDF)}", ETag='"v1"')

    site.answer = answer
    done, _ = fetcher(tmp_path).fetch(source(site.url))
    assert (tmp_path / done.file).read_bytes() == PDF
    assert site.requests[1]["if-range"] == '"v1"'
    assert site.requests[1]["range"] == "bytes=100000-"


def test_a_later_run_resumes_what_an_earlier_one_left(site, tmp_path):
    def broken(h, n):
        h.send_response(200)
        h.send_header("Content-Length", str(len(PDF)))
        h.send_header("ETag", '"v1"')
        h.end_headers()
        h.wfile.write(PDF[:50_000])

    site.answer = broken
    with pytest.raises(FetchError, match="试了 1 次"):
        fetcher(tmp_path, attempts=1).fetch(source(site.url))
    site.answer = lambda h, n: send(h, PDF[50_000:], 206, Content_Range=f"bytes 50000-{len(PDF) - 1}/{len(PDF)}", ETag='"v1"')
    done, _ = fetcher(tmp_path).fetch(source(site.url))
    assert (tmp_path / done.file).read_bytes() == PDF


def test_a_file_that_changed_in_between_is_fetched_from_its_start(site, tmp_path):
    newer = PDF.replace(b"0123", b"9999")

    def answer(h, n):
        if n == 1:
            h.send_response(200)
            h.send_header("Content-Length", str(len(PDF)))
            h.send_header("ETag", '"v1"')
            h.end_headers()
            h.wfile.write(PDF[:100_000])
            return
        send(h, newer, ETag='"v2"')

    site.answer = answer
    done, _ = fetcher(tmp_path).fetch(source(site.url))
    assert (tmp_path / done.file).read_bytes() == newer


def test_a_server_without_version_marks_is_never_asked_to_resume(site, tmp_path):
    def answer(h, n):
        if n == 1:
            h.send_response(200)
            h.send_header("Content-Length", str(len(PDF)))
            h.end_headers()
            h.wfile.write(PDF[:100_000])
            return
        send(h, PDF)

    site.answer = answer
    done, _ = fetcher(tmp_path).fetch(source(site.url))
    assert (tmp_path / done.file).read_bytes() == PDF
    assert "range" not in site.requests[1]


def test_redirects_are_followed_and_the_final_address_recorded(site, tmp_path):
    def answer(h, n):
        if h.path == "/old":
            send(h, b"", 302, Location="/new.pdf")
        else:
            send(h, PDF)

    site.answer = answer
    done, _ = fetcher(tmp_path).fetch(source(site.url + "/old"))
    assert done.url == site.url + "/new.pdf"


def test_a_circle_of_redirects_ends_with_an_error(site, tmp_path):
    site.answer = lambda h, n: send(h, b"", 302, Location="/again")
    with pytest.raises(FetchError, match="重定向"):
        fetcher(tmp_path).fetch(source(site.url))
    assert len(site.requests) < 10


def test_a_length_that_is_a_lie_gives_an_error_and_no_file(site, tmp_path):
    def answer(h, n):
        h.send_response(200)
        h.send_header("Content-Length", str(len(PDF) + 5000))
        h.end_headers()
        h.wfile.write(PDF)

    site.answer = answer
    with pytest.raises(FetchError, match="试了 3 次"):
        fetcher(tmp_path, attempts=3).fetch(source(site.url))
    assert len(site.requests) == 3
    assert list(tmp_path.glob("htn*")) == []


def test_an_html_error_page_is_not_taken_for_the_pdf(site, tmp_path):
    site.answer = lambda h, n: send(h, b"<html><body>" + b"please log in " * 200 + b"</body></html>", Content_Type="application/pdf")
    with pytest.raises(FetchError, match="不是 PDF"):
        fetcher(tmp_path).fetch(source(site.url))
    assert [p.name for p in tmp_path.iterdir()] == []


def test_a_truncated_pdf_without_end_is_refused(site, tmp_path):
    site.answer = lambda h, n: send(h, PDF[:-100])
    with pytest.raises(FetchError, match="没有结尾"):
        fetcher(tmp_path).fetch(source(site.url))


def test_an_html_page_is_kept_as_one_file_with_its_date(site, tmp_path):
    site.answer = lambda h, n: send(h, PAGE)
    done, _ = fetcher(tmp_path).fetch(source(site.url, "html"))
    assert done.file == f"htn-2018.{done.date}.html"
    assert (tmp_path / done.file).read_bytes() == PAGE


def test_a_page_without_the_title_is_refused_as_an_error_page(site, tmp_path):
    site.answer = lambda h, n: send(h, b"<html><body>" + "您访问的页面不存在".encode() * 100 + b"</body></html>")
    with pytest.raises(FetchError, match="没有题名"):
        fetcher(tmp_path).fetch(source(site.url, "html"))


def test_the_same_bytes_are_not_saved_twice(site, tmp_path):
    site.answer = lambda h, n: send(h, PDF)
    first, _ = fetcher(tmp_path).fetch(source(site.url))
    again, state = fetcher(tmp_path).fetch(source(site.url))
    assert state == "same" and again == first
    assert len(list(tmp_path.glob("*.pdf"))) == 1


def test_new_bytes_never_overwrite_another_edition(site, tmp_path):
    bodies = [PDF, PDF.replace(b"0123", b"9999")]
    site.answer = lambda h, n: send(h, bodies[n - 1])
    first, _ = fetcher(tmp_path).fetch(source(site.url))
    second, state = fetcher(tmp_path).fetch(source(site.url))
    assert state == "new" and first.file != second.file
    assert (tmp_path / first.file).read_bytes() == bodies[0]
    assert (tmp_path / second.file).read_bytes() == bodies[1]


def test_a_busy_server_is_asked_again_with_growing_pauses(site, tmp_path):
    pauses: list[float] = []
    site.answer = lambda h, n: send(h, b"", 503) if n < 3 else send(h, PDF)
    Fetcher(tmp_path, wait=1.0, sleep=pauses.append).fetch(source(site.url))
    assert pauses == [1.0, 2.0]


def test_a_missing_page_is_not_asked_for_again(site, tmp_path):
    site.answer = lambda h, n: send(h, b"", 404)
    with pytest.raises(FetchError, match="404.*某杂志"):
        fetcher(tmp_path).fetch(source(site.url))
    assert len(site.requests) == 1


def test_offline_makes_no_request(site, tmp_path):
    with pytest.raises(NetworkForbiddenError):
        list(fetch_all(fetcher(tmp_path, offline=True), [source(site.url)]))
    assert site.requests == []


def test_a_document_without_direct_address_is_explained(tmp_path):
    other = replace(source(""), direct=False, doi="10.3760/cma.j.cn112148-20230119-00038")
    with pytest.raises(FetchError, match=r"doi\.org/10\.3760.*zhinan corpus add"):
        fetcher(tmp_path).fetch(other)


def test_one_failure_does_not_stop_the_rest(site, tmp_path):
    site.answer = lambda h, n: send(h, b"", 404) if h.path == "/a" else send(h, PDF)
    outcomes = list(fetch_all(fetcher(tmp_path), [source(site.url + "/a"), source(site.url + "/b", id="other-2018")]))
    assert [o.state for o in outcomes] == ["failed", "new"]


def test_a_proxy_from_the_environment_is_used(site, tmp_path, monkeypatch):
    monkeypatch.delenv("NO_PROXY")
    monkeypatch.setenv("HTTP_PROXY", site.url)
    site.answer = lambda h, n: send(h, PDF) if h.path.startswith("http://guideline.invalid/") else send(h, b"", 404)
    done, _ = fetcher(tmp_path).fetch(source("http://guideline.invalid/x.pdf"))
    assert (tmp_path / done.file).read_bytes() == PDF
