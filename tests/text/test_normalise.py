from rag.text.normalise import normalise, squeeze


def test_full_width_and_compatibility_forms_fold():
    assert normalise("１４０／９０　ｍｍＨｇ，⼼力") == "140/90 mmHg,心力"


def test_zero_width_characters_vanish():
    assert normalise("高\u200b血\ufeff压") == "高血压"


def test_squeezing_drops_all_white_space():
    assert squeeze(" 140 / 90\nmmHg ") == "140/90mmHg"
