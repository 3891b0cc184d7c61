from rag.text.segment import bigrams, terms, word_ends, words


def test_full_width_and_case_are_folded_alike():
    assert words("ＣＯＰＤ患者") == words("copd患者")


def test_every_pair_of_neighbouring_characters_is_a_bigram():
    assert bigrams("慢阻肺，COPD急性") == ["慢阻", "阻肺", "急性"]


def test_a_term_unknown_to_the_dictionary_is_found_by_its_bigrams():
    assert set(terms("秋水仙碱")) & set(terms("服用秋水仙碱片"))


def test_punctuation_is_no_term():
    assert terms("。，！？——") == []


def test_words_end_where_the_dictionary_says():
    assert word_ends("累计用量") == {0, 2, 4}
