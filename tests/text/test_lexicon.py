import time
import unicodedata

import pytest

from rag.text.lexicon import LAY, Lexicon, lexicon
from rag.text.lexicon.entry import FILES, Entry, entries, table


def terms_of(text: str) -> set[str]:
    return {term for match in lexicon().find(text) for term in match.concepts}


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("血压老高降不下来", "高血压"),
        ("大脚趾头肿痛", "痛风"),
        ("胃里往上反酸水", "胃食管反流病"),
        ("娃儿拉稀两天了", "儿童腹泻病"),
        ("起水泡一串串，疼得很", "带状疱疹"),
        ("总想上厕所", "尿频"),
        ("晚上起夜三回", "夜尿"),
        ("喘不上气", "呼吸困难"),
        ("心慌得很", "心悸"),
        ("头一转就晕", "良性阵发性位置性眩晕"),
        ("手脚麻", "麻木"),
        ("困不着", "失眠"),
        ("屙肚子", "急性腹泻"),
        ("被狗咬了", "狂犬病"),
    ],
)
def test_a_layman_s_words_stand_for_the_guideline_s_term(said: str, meant: str):
    assert meant in terms_of(said)


@pytest.mark.parametrize(
    ("one", "other"),
    [("COPD", "慢阻肺"), ("慢阻肺", "COPD"), ("T2DM", "2型糖尿病"), ("ccb", "钙通道阻滞剂"), ("质子泵抑制剂", "PPI"), ("GLP-1 RA", "GLP-1受体激动剂"),
     ("eGFR", "肾小球滤过率"), ("2 型糖尿病", "T2DM"), ("H.pylori", "幽门螺杆菌"), ("ORS", "口服补液盐"), ("UACR", "尿白蛋白/肌酐比值")],
)
def test_abbreviations_work_both_ways(one: str, other: str):
    assert other in terms_of(one)


@pytest.mark.parametrize(
    ("brand", "drug", "group"),
    [("拜新同", "硝苯地平", "钙通道阻滞剂"), ("代文", "缬沙坦", "血管紧张素II受体阻滞剂"), ("格华止", "二甲双胍", "双胍类"),
     ("立普妥", "阿托伐他汀", "他汀类药物"), ("波立维", "氯吡格雷", "抗血小板药物"), ("美林", "布洛芬", "非甾体抗炎药"), ("达克宁", "咪康唑", "抗真菌药")],
)
def test_a_trade_name_leads_to_the_drug_and_more_weakly_to_its_class(brand: str, drug: str, group: str):
    weights = {r.term: r.weight for r in lexicon().find(brand)[0].relations}
    assert weights[drug] == LAY
    assert 0 < weights[group] < weights[drug]


def test_a_class_leads_to_its_members_whatever_it_is_called():
    assert {"氨氯地平", "硝苯地平"} <= {r.term for r in lexicon().find("CCB")[0].relations}


def test_what_a_symptom_may_mean_is_a_weak_hint_and_no_concept():
    (match,) = lexicon().find("起夜")
    assert "良性前列腺增生" in {r.term for r in match.relations}
    assert "良性前列腺增生" not in match.concepts


@pytest.mark.parametrize(
    ("text", "not_meant"),
    [("累计用量", "乏力"), ("盐酸氨溴索", "限盐"), ("晚上压力大", "收缩压"), ("HPV疫苗", "幽门螺杆菌"), ("腰椎穿刺", "腹型肥胖"), ("眼压高", "高血压"),
     ("咳嗽变异性哮喘", "慢性咳嗽"), ("血糖 高压锅", "收缩压"), ("痛风石", "疼痛"), ("运动员", "非药物治疗")],
)
def test_a_form_within_another_word_is_not_found(text: str, not_meant: str):
    assert not_meant not in terms_of(text)


def test_a_space_between_chinese_words_separates_them():
    assert [m.surface for m in lexicon().find("糖 高血压")] == ["高血压"]


def test_the_longest_form_wins():
    assert [m.surface for m in lexicon().find("妊娠期糖尿病")] == ["妊娠期糖尿病"]


@pytest.mark.parametrize(
    ("asked", "aspect"),
    [("这药咋用", "剂量"), ("一天吃几回", "剂量"), ("最多能吃多少", "剂量"), ("能停吗", "停药"), ("要吃多长时间", "疗程"),
     ("啥时候该去大医院", "转诊"), ("隔多久去查一次", "随访"), ("平时注意啥", "健康教育"), ("能不能治好", "预后"), ("咋得上的", "病因"),
     ("压到多少", "控制目标"), ("能一起吃吗", "药物相互作用"), ("能不能吃", "禁忌"), ("首选什么药", "药物治疗")],
)
def test_aspects_are_read_from_how_laymen_ask(asked: str, aspect: str):
    assert aspect in {a for m in lexicon().find(asked) for a in m.heads("aspect")}


def test_every_entry_has_a_kind_and_there_are_many():
    own = [e for e in entries() if e.kind != "drug"] + [e for e in entries() if e.kind == "drug" and e.lay]
    assert len({e.names[0] for e in own}) >= 900
    assert {e.kind for e in own} >= {"disease", "symptom", "class", "drug", "test", "aspect", "population", "treatment", "lifestyle"}


def test_lines_are_normalised_and_well_formed():
    for name in FILES:
        for text in (t for t in table(name).values() if isinstance(t, str)):
            assert unicodedata.is_normalized("NFKC", text), name
            for line in filter(None, text.splitlines()):
                assert line.count("|") <= 1 and line.count(">") <= 1 and line.partition(">")[0].split()[0] != "|", line


def test_what_is_linked_to_symptoms_and_classes_is_known():
    book = lexicon()
    missing = [(e.names[0], t) for e in entries() if e.kind == "symptom" for t in e.linked if not book.relations(t)]
    assert missing == []


def test_population_rules_name_known_populations():
    assert {rule["population"] for rule in table("populations")["by_value"]} <= {e.names[0] for e in entries() if e.kind == "population"}


def test_names_hold_every_form_of_a_term():
    assert {"COPD", "慢阻肺", "老慢支"} <= lexicon().names("慢性阻塞性肺疾病")


def test_an_underscore_is_a_space_in_a_name():
    book = Lexicon([Entry("disease", ("多发性硬化", "multiple sclerosis"))])
    assert "多发性硬化" in book.find("about Multiple  Sclerosis".replace("  ", " "))[0].concepts


def test_a_question_is_searched_within_a_millisecond():
    question = "我爸七十多了血压老高，一天吃几片络活喜，平时注意啥，多久去大医院复查一次"
    lexicon().find(question)
    best = min(_seconds(question) for _ in range(20))
    assert best < 0.001


def _seconds(question: str) -> float:
    start = time.process_time()
    lexicon().find(question)
    return time.process_time() - start
