from eval.datasets.medical_text import clauses, passages
from eval.embedder.pairs import Section

PARAGRAPHS = [
    Section(("高血压",), "第一句话在这里。第二句话也在这里。"), Section(("高血压",), "第三句话在另一段里。"),
    Section(("糖尿病",), "第四句话；它分为两半，或者三半。"),
]


def test_passages_join_sentences_under_the_same_headings_only():
    long, short = (list(passages(iter(PARAGRAPHS), characters)) for characters in (20, 15))
    assert [p.text for p in long] == ["第一句话在这里。第二句话也在这里。第三句话在另一段里。"]
    assert [p.text for p in short] == ["第一句话在这里。第二句话也在这里。", "第四句话；它分为两半，或者三半。"]
    assert [len(p.sentences) for p in short] == [2, 1]


def test_clauses_are_passages_of_one_sentence_with_the_characters_asked_for():
    made = list(clauses(iter(PARAGRAPHS), 5))
    assert [p.text for p in made[-3:]] == ["第四句话；", "它分为两半，", "或者三半。"]
    assert all(len(p.sentences) == 1 and len(p.text) >= 5 for p in made)
    assert made[-1].section == ("糖尿病",)
