"""A question reduced to groups of terms."""

from rag.retrieve.query import left_over, understand


def test_a_drug_that_no_list_has_is_a_group_by_its_spelling():
    query = understand("失眠用瑞托雷生，一晚几毫克？")
    name, = (g.names for g in query.groups if g.kind == "drug")
    assert "瑞托雷" in name
    assert "托雷" not in left_over(query)


def test_a_misspelt_drug_is_mended_even_where_its_characters_make_words():
    assert any("非那雄胺" in g.names for g in understand("前列线增升吃非那雄安多久见效").groups)
