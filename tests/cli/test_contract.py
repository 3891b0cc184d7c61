"""The JSON of every command, key by key: scripts rely on it."""

import json

import pytest

QUESTION = "测热病首选什么药，每次多少毫克？"
HIT = {"rank": int, "score": float, "passage_id": str, "guideline_id": str, "title": str, "year": int, "status": str, "section": list,
       "pages": list, "text": str, "source": str, "kind": str, "grade": (str, type(None)), "evidence": (str, type(None)), "explain": dict}
CITATION = {"n": int, "passage_id": str, "guideline_id": str, "title": str, "issuer": str, "year": int, "edition": str, "status": str,
            "section": list, "pages": list, "paragraph": (int, type(None)), "quote": str, "grade": (str, type(None)),
            "evidence": (str, type(None)), "ocr": bool, "source": str, "boxes": list}
ANSWER = {"schema": str, "question": str, "status": str, "mode": str, "confidence": float, "text": str, "statements": list,
          "citations": list, "warnings": list, "timings_ms": dict}
EDITION = {"guideline_id": str, "title": str, "issuer": str, "year": int, "edition": str, "status": str, "source": str, "sha256": str,
           "pages": int, "passages": int}


def fits(data: dict, shape: dict) -> None:
    assert data.keys() == shape.keys()
    wrong = {name: data[name] for name, kind in shape.items() if not isinstance(data[name], kind)}
    assert wrong == {}


@pytest.fixture
def told(zhinan):
    """Return a function that runs a command and reads the one object that it prints."""

    def run(*args: str, code: int = 0) -> dict:
        result = zhinan(*args, "--json")
        assert (result.returncode, result.stderr) == (code, "")
        assert result.stdout.count("\n") == 1
        return json.loads(result.stdout)

    return run


def test_an_answer(told):
    answer = told("ask", QUESTION)
    fits(answer, ANSWER)
    for citation in answer["citations"]:
        fits(citation, CITATION)
    for statement in answer["statements"]:
        fits(statement, {"text": str, "citations": list})
    marked = "".join(s["text"].removesuffix("。") + "".join(f"[{n}]" for n in s["citations"]) + "。" for s in answer["statements"])
    assert answer["text"] == marked
    assert answer["schema"] == "zhinan.answer/1"
    assert (answer["status"], answer["mode"]) == ("answered", "extractive")
    fits(answer["timings_ms"], dict.fromkeys(("retrieve", "draft", "verify", "total"), (int, float)))


def test_an_abstention_has_reading_beside_it(told):
    answer = told("ask", "测热病患者可以坐飞机去火星旅行吗？", code=3)
    reading = answer.pop("reading", [])
    fits(answer, ANSWER)
    assert (answer["status"], answer["statements"], answer["citations"], answer["text"]) == ("abstained", [], [], "")
    for hit in reading:
        fits(hit, HIT)


def test_warnings_have_a_code_and_a_message(told):
    answer = told("ask", "我突然胸痛大汗，喘不上气，怎么办？", code=3)
    assert [w["code"] for w in answer["warnings"]][:1] == ["red_flag"]
    for warning in answer["warnings"]:
        fits(warning, {"code": str, "message": str})


def test_hits(told):
    found = told("search", "测热病", "-k", "3")
    assert found.keys() == {"hits"}
    assert [h["rank"] for h in found["hits"]] == [1, 2, 3]
    for hit in found["hits"]:
        fits(hit, HIT)


def test_editions(told, corpus):
    rows = told("corpus", "list", "--corpus", str(corpus))["editions"]
    assert len(rows) == 3
    for row in rows:
        fits(row, EDITION)


def test_a_file_that_was_read(told, corpus):
    data = told("read", str(corpus / "测热病2024.md"))
    assert data.keys() == {"document", "headings", "passages", "left_out", "warnings"}
    fits(data["document"], {"title": str, "issuer": str, "year": int, "edition": str, "doi": str, "pages": int})
    for passage in data["passages"]:
        fits(passage, {"kind": str, "section": list, "pages": list, "text": str, "grade": (str, type(None)), "evidence": (str, type(None)),
                       "ocr": bool})
    assert {p["kind"] for p in data["passages"]} == {"text", "table"}


def test_claims_one_line_each(zhinan):
    pairs = [{"source": "每次10 mg，每日2次。", "claim": "每次100 mg，每日2次。"}, {"source": "孕妇禁用甲药。", "claim": "孕妇禁用甲药。"}]
    result = zhinan("check", "--jsonl", "-", stdin="\n".join(json.dumps(p) for p in pairs))
    refused, supported = (json.loads(line) for line in result.stdout.splitlines())
    assert supported == {"supported": True, "reasons": []}
    assert refused["supported"] is False
    for reason in refused["reasons"]:
        fits(reason, {"kind": str, "claim": str, "source": str})
    assert refused["reasons"][0]["kind"] == "number"


def test_a_passage_that_an_answer_cites_can_be_shown(told, zhinan):
    cited = told("ask", QUESTION)["citations"][0]
    shown = told("show", cited["passage_id"])
    assert shown.keys() == {"passage", "before", "after", "source"}
    assert cited["quote"] in "".join(s[1] for s in shown["passage"]["sentences"])
    on_screen = zhinan("show", cited["passage_id"]).stdout
    assert f"文件：{cited['source']}" in on_screen
    assert "▶ " in on_screen


def test_a_citation_may_be_shown_as_it_was_pasted(told, zhinan):
    cited = told("ask", QUESTION)["citations"][0]["passage_id"]
    lines = zhinan("ask", QUESTION).stdout.splitlines()
    line = next(line for line in lines if line.endswith(f"（{cited}）"))
    for pasted in (line, f"（{cited}）", cited.replace(":", "：")):
        assert zhinan("show", pasted, "--json").stdout == zhinan("show", cited, "--json").stdout
