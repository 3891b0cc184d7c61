"""Which loose files are editions of one work, and which of them is current."""

from __future__ import annotations

import random
import time

import pytest

from rag.proposal import propose
from rag.supersession import infer_supersession, shingles
from rag.titles import document_type, ordinal, title_likeness, work_key
from rag.types import Document, Edition, Metadata, Passage, Sentence


def text(seed: int, length: int = 600, shared: float = 0.0) -> str:
    """A made-up text of which the first part is common to all."""
    common = random.Random(0).choices([chr(c) for c in range(0x4E00, 0x5E00)], k=int(length * shared))
    own = random.Random(seed + 1).choices([chr(c) for c in range(0x4E00, 0x5E00)], k=length - len(common))
    return "".join(common + own)


def document(body: str, title: str = "", year: int = 0) -> Document:
    return Document(Metadata(title, year=year), (body,), (Passage("1", "", "text", (), (Sentence(body, body),)),))


def editions(*titles: str, issuer: str = "国家卫生健康委", years: tuple[int, ...] = ()) -> list[Edition]:
    years = years or (0,) * len(titles)
    return [Edition(f"e{n}", t, issuer, y, "", f"{n}.pdf", str(n)) for n, (t, y) in enumerate(zip(titles, years, strict=True))]


def current(found: list[Edition]) -> list[str]:
    return [e.title for e in found if e.status == "current"]


def inferred(given: list[Edition], shared: float = 0.5) -> list[Edition]:
    return infer_supersession(given, lambda n: shingles(document(text(n, shared=shared))))


COVID = ("新型冠状病毒感染的肺炎诊疗方案（试行第三版）", "新型冠状病毒感染的肺炎诊疗方案（试行第五版）", "新型冠状病毒肺炎诊疗方案（试行第五版 修正版）",
         "新型冠状病毒肺炎诊疗方案（试行第八版）", "新型冠状病毒肺炎诊疗方案（试行第八版 修订版）", "新型冠状病毒肺炎诊疗方案（试行第九版）",
         "新型冠状病毒感染诊疗方案（试行第十版）")


def test_a_work_that_was_renamed_stays_one_work_whose_last_edition_is_current():
    shuffled = random.Random(3).sample(editions(*COVID), len(COVID))

    found = {e.title: e for e in inferred(shuffled)}

    assert current(list(found.values())) == [COVID[-1]]
    by_id = {e.guideline_id: e.title for e in found.values()}
    assert [[by_id[i] for i in found[t].supersedes] for t in COVID] == [[], *([t] for t in COVID[:-1])]


@pytest.mark.parametrize(("a", "b"), [
    ("中国高血压防治指南（2018年）", "中国老年高血压防治指南（2023年）"),
    ("新型冠状病毒肺炎诊疗方案（试行第八版）", "新型冠状病毒肺炎防控方案（第九版）"),
    ("成人支气管哮喘诊治指南（2016年）", "儿童支气管哮喘诊治指南（2020年）"),
    ("1型糖尿病诊治指南（2016）", "2型糖尿病诊治指南（2020）"),
    ("慢性乙型肝炎防治指南（2019年版）", "慢性丙型肝炎防治指南（2022年版）"),
    ("高血压基层诊疗指南（2019年）", "高血压基层诊疗指南（实践版·2020）"),
    ("急性心力衰竭诊治指南（2018）", "心力衰竭诊治指南（2024）"),
    ("新生儿破伤风诊疗规范（2019年版）", "非新生儿破伤风诊疗规范（2024年版）"),
    ("糖尿病防治指南（2017）", "糖尿病肾脏病防治指南（2021）"),
])
def test_different_documents_of_one_issuer_both_stay_current(a, b):
    assert len(current(inferred(editions(a, b, years=(2016, 2024)), shared=0.2))) == 2


@pytest.mark.parametrize(("old", "new", "years"), [
    ("中国2型糖尿病防治指南（2020年版）", "中国糖尿病防治指南（2024版）", (2020, 2024)),
    ("流行性感冒诊疗方案（2018年版修订版）", "流行性感冒诊疗方案（2020年版）", (2018, 2020)),
    ("咳嗽的诊断与治疗指南（2015）", "咳嗽诊治指南（2021）", (2015, 2021)),
    ("某病诊疗规范（第十版）", "某病诊疗规范（第十一版）", (0, 0)),
    ("某病诊疗方案（试行第八版）", "某病诊疗方案（试行第八版修订版）", (2020, 2021)),
    ("某病诊疗指南（2024年征求意见稿）", "某病诊疗指南（2023年版）", (2024, 2023)),
])
def test_the_newer_edition_replaces_the_older_whatever_the_order_of_files(old, new, years):
    given = editions(old, new, years=years)

    assert current(inferred(given)) == [new]
    assert current(inferred(given[::-1])) == [new]


def test_a_common_title_without_common_text_is_no_common_work():
    assert len(current(inferred(editions("二、诊断标准", "二、诊断标准", years=(2017, 2023)), shared=0.0))) == 2


def test_guidelines_of_the_same_name_by_other_bodies_do_not_replace_each_other():
    given = editions("高血压防治指南（2018）", issuer="甲学会", years=(2018,)) + editions("高血压防治指南（2023）", issuer="乙协会", years=(2023,))

    assert len(current(infer_supersession(given, lambda n: shingles(document(text(n, shared=0.2)))))) == 2


def test_editions_that_say_no_age_are_left_alone():
    assert len(current(inferred(editions("某病诊疗指南", "某病诊疗指南（2020）", years=(0, 2020))))) == 2


def test_the_same_doi_is_the_same_work():
    a, b = editions("某病指南（2019）", "全然不同的题名（2023）", years=(2019, 2023))
    given = [Edition(**{f: getattr(e, f) for f in Edition.__dataclass_fields__} | {"doi": "10.1/x"}) for e in (a, b)]

    assert current(infer_supersession(given, lambda n: shingles(document(text(n))))) == [b.title]


def test_a_thousand_differently_numbered_titles_are_not_compared_pair_by_pair():
    given = editions(*[f"第{n}号疾病诊疗指南" for n in range(1000)])
    same = document(text(0, 200))

    started = time.process_time()
    found = infer_supersession(given, lambda n: shingles(same))

    assert len(current(found)) == 1000
    assert time.process_time() - started < 2


def test_a_title_is_split_into_work_kind_and_edition():
    assert work_key("关于印发新型冠状病毒肺炎诊疗方案（试行第八版 修订版）的通知") == "新型冠状病毒肺炎诊疗方案"
    assert document_type("咳嗽的诊断与治疗指南") == ("咳嗽的", "诊疗指南")
    assert ordinal("试行第十一版") == 11
    assert title_likeness("高血压防治指南", "高血压诊疗指南") == 0


def test_a_proposal_names_what_the_file_replaces_and_what_it_only_resembles(tmp_path):
    old, other = editions("某病诊疗方案（第一版）", "别病管理规范（2020）", years=(2019, 2020))
    body = text(1, shared=0.5)
    file = tmp_path / "new.txt"
    file.write_text("x", encoding="utf-8")
    known = [(old, document(text(2, shared=0.5))), (other, document(body))]

    proposal = propose(file, document(body, "某病诊疗方案（第二版）", 2023), known)

    assert [e.guideline_id for e in proposal.older] == ["e0"] == list(proposal.edition.supersedes)
    assert proposal.near == other
    assert proposal.same_file is None


def test_a_proposal_of_an_older_edition_replaces_nothing(tmp_path):
    (known,) = editions("某病诊疗方案（第三版）", years=(2023,))
    file = tmp_path / "old.txt"
    file.write_text("x", encoding="utf-8")

    proposal = propose(file, document(text(1, shared=0.5), "某病诊疗方案（第二版）", 2020), [(known, document(text(2, shared=0.5)))])

    assert not proposal.older
    assert proposal.newer == known
