"""What verification must accept, and what it must never let pass."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.answer.verify import check_lines, verify
from rag.answer.verify.judge import inspect
from rag.answer.verify.reading import read

settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

CASES = [json.loads(line) for line in Path(__file__).with_name("claim_cases.jsonl").read_text("utf-8").splitlines()]
SOURCES = sorted({case["source"] for case in CASES})
DIGESTS = Path(__file__).parents[2] / "corpus" / "text"
NAMED = ("number", "unit", "comparator", "negation", "population", "drug", "frequency_duration", "grade")
WAIST = "男性腰围＜85 cm，女性腰围＜80 cm。"


def digest_sentences():
    for path in sorted(DIGESTS.glob("*.md")):
        body = path.read_text("utf-8").split("+++", 2)[-1].split("## 参考文献")[0]
        for line in body.splitlines():
            yield from (s for s in re.split(r"(?<=[。；])", line.strip("-# ")) if len(s) > 6)


def share(cases):
    return sum(verify(c["claim"], c["source"]).supported == c["supported"] for c in cases) / len(cases)


def test_there_are_at_least_200_written_pairs():
    assert len(CASES) >= 200


@pytest.mark.parametrize("kind", NAMED)
def test_written_false_claims_of_each_kind_are_caught(kind):
    cases = [c for c in CASES if not c["supported"] and c["kind"] == kind]
    assert share(cases) >= 0.97


def test_written_true_claims_are_accepted():
    assert share([c for c in CASES if c["supported"]]) >= 0.93


@pytest.mark.parametrize("kind", NAMED)
def test_the_reason_names_the_kind_of_the_change(kind):
    cases = [c for c in CASES if not c["supported"] and c["kind"] == kind]
    named = [c for c in cases if kind in {r.kind for r in verify(c["claim"], c["source"]).reasons}]
    assert len(named) >= 0.85 * len(cases)


def test_every_digest_sentence_supports_itself_without_the_short_cut():
    sentences = list(digest_sentences())
    assert sentences
    assert [s for s in sentences if inspect(read(s), read(s))] == []


@given(st.sampled_from(SOURCES), st.sampled_from(["", "。", " ", "；"]))
def test_a_source_supports_its_own_words_whatever_ends_them(source, end):
    assert verify(source.rstrip("。") + end, source).supported


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_two_texts_get_a_verdict_whose_reasons_explain_it(claim, source):
    verdict = verify(claim, source)
    assert verdict.supported == (not verdict.reasons)


@pytest.mark.parametrize(
    ("claim", "source", "kind"),
    [
        ("每次850 mg。", "二甲双胍每次500 mg。", "number"),
        ("男性腰围＜80 cm，女性腰围＜85 cm。", WAIST, "number"),
        ("每次5 g。", "每次5 mg。", "unit"),
        ("每次5。", "每次5 mg。", "unit"),
        ("空腹血糖>7.0 mmol/L。", "空腹血糖≥7.0 mmol/L。", "comparator"),
        ("每日3次。", "每日2次。", "frequency_duration"),
        ("推荐使用阿司匹林。", "不推荐使用阿司匹林。", "negation"),
        ("患病率为27.53%。", "患病率为27.5%。", "number"),
        ("孕妇禁用。", "儿童禁用。", "population"),
        ("首选替格瑞洛。", "首选氯吡格雷。", "drug"),
        ("首选伏拉沙坦。", "首选缬沙坦。", "drug"),
        ("低分子肝素可用。", "肝素可用。", "drug"),
        ("推荐手术（Ⅰ级推荐，B级证据）。", "推荐手术（Ⅰ级推荐，A级证据）。", "grade"),
        ("2型糖尿病患者禁用。", "1型糖尿病患者禁用。", "content"),
        ("可直接停药。", "若症状消失，可直接停药。", "content"),
        ("不推荐长期使用激素。", "不推荐长期使用激素，除非合并哮喘。", "content"),
        ("阿司匹林每次300 mg。", "阿司匹林每次100 mg；氯吡格雷每次300 mg。", "drug"),
        ("早餐后服用。", "早餐前服用。", "content"),
        ("二甲双胍造影后应停用。", "二甲双胍造影前应停用，造影后48 h复查肾功能正常再用。", "content"),
        ("轻度脱水首选静脉补液。", "轻度脱水首选口服补液，重度脱水才静脉补液。", "content"),
        ("轻度脱水可选口服补液。", "轻度脱水首选口服补液。", "content"),
        ("用恩替卡韦的换阿德福韦。", "用阿德福韦的换恩替卡韦。", "drug"),
        ("氯吡格雷过敏者用阿司匹林75 mg/d。", "阿司匹林过敏者用氯吡格雷75 mg/d，其余用阿司匹林75 mg/d。", "drug"),
        ("二甲双胍每日0.5 g。", "二甲双胍每次0.5 g，2次/d。", "frequency_duration"),
        ("舒张压＞220 mmHg时降压。", "收缩压＞220 mmHg或舒张压＞120 mmHg时降压。", "number"),
        ("阿卡波糖每次50 mg，2次/d。", "阿卡波糖每次50 mg，3次/d；二甲双胍每次0.5 g，2次/d。", "frequency_duration"),
        ("孕妇可放心使用对乙酰氨基酚。", "孕妇慎用对乙酰氨基酚、氯苯那敏和伪麻黄碱。", "negation"),
        ("腹泻孕妇建议用诺氟沙星，妊娠期不用甲硝唑。", "腹泻孕妇避免用诺氟沙星，妊娠期不用甲硝唑。", "negation"),
        ("药物: 甲 | 常用剂量: 10 mg/d | 最大剂量: ≤10 mg/d", "药物: 甲 | 常用剂量: ≤10 mg/d | 最大剂量: 10 mg/d", "number"),
        ("控制药要周天吸。", "控制药要天天吸。", "content"),
        ("病程≤2周为迁延性。", "病程≤2周为急性，2周~2个月为迁延性。", "population"),
        ("疗程3周。", "疗程3个月。", "frequency_duration"),
        ("疗程3周。", "疗程3个月。", "unit"),
        ("妊娠或妊娠期妇女禁用。", "妊娠或哺乳期妇女禁用。", "population"),
        ("慢性感染期用抗生素。", "急性感染期用抗生素，慢性支气管炎不用。", "population"),
        ("发热且咳嗽超过3天者查胸片。", "发热或咳嗽超过3天者查胸片。", "content"),
        ("血压高或头痛者转诊。", "血压高且头痛者转诊。", "content"),
        ("首选氨氯地平联合缬沙坦。", "首选氨氯地平或缬沙坦。", "content"),
        ("首选氨氯地平与缬沙坦合用。", "首选氨氯地平或缬沙坦。", "content"),
        ("药片可掰开服用。", "药片不可掰开服用。", "negation"),
        ("胶囊可咀嚼。", "药物: 甲 | 说明: 胶囊不咀嚼", "negation"),
        ("哮喘患者可放心使用甲药。", "药物: 甲药 | 说明: 青光眼、哮喘者慎用", "negation"),
        ("儿童无需复查。", "儿童应复查血常规，不需住院。", "negation"),
        ("哮喘患病率下降。", "高血压患病率下降，哮喘患病率继续增长。", "negation"),
        ("尿液标本不推荐用于培养。", "尿液标本检测阳性，咽拭子不推荐用于培养。", "negation"),
        ("阴性者风险高于阳性者。", "阳性者风险高于阴性者。", "content"),
        ("疗程5天，多为1~10天。", "疗程1~10天，多为5天。", "frequency_duration"),
        ("严重肾病者，血压可控制在＜130 mmHg。", "一般者血压可控制在＜130 mmHg，严重肾病者可放宽到＜140 mmHg。", "population"),
        ("低剂量激素加长效支气管扩张剂。", "低剂量激素，或高剂量激素加长效支气管扩张剂。", "content"),
        ("对照组每日2次。", "试验组每日2次，对照组每日1次。", "population"),
        ("症状多在下午加重。", "症状多在清晨加重。", "content"),
        ("病程相对较长。", "病程相对较短。", "content"),
        ("险因素为糖尿病和吸烟。", "高危险因素为糖尿病和吸烟。", "content"),
        ("更换降脂药种类后，4周内复查肝功能。", "首次服降脂药的患者，用药4周内复查肝功能。", "content"),
        ("患者可以把药片咬碎。", "患者不咬碎，整片吞服。", "negation"),
        ("多数患者降钙素原升高。", "多数患者C反应蛋白升高，降钙素原正常。", "content"),
        ("安静时呼吸超过30~43次/min。", "安静时呼吸超过30~40次/min。", "frequency_duration"),
        ("打针一年最多6~3次。", "打针一年最多2~3次。", "frequency_duration"),
        ("起始量为常规用量的1/5~3/4。", "起始量为常规用量的1/5~1/4。", "number"),
        ("HbA1c目标为：健康良好＜8.0%，中等＜7.5%。", "HbA1c目标为：健康良好＜7.5%，中等＜8.0%。", "number"),
        ("合并高血压的高血压患者首选甲药。", "合并糖尿病的高血压患者首选甲药，高血压应控制。", "content"),
        ("膝反射亢进。", "膝反射减弱或消失。", "content"),
        ("少数患儿预后良好。", "多数患儿预后良好，少数患儿留有后遗症。", "content"),
        ("部位越接近脑，潜伏期越长。", "部位越接近脑，潜伏期越短，而越远离脑，潜伏期越长。", "content"),
        ("有支架者不建议双联抗血小板。", "没有心肌梗死、支架或搭桥史者，不建议双联抗血小板。", "negation"),
        ("推荐婴儿接种流感疫苗。", "推荐老年人、婴儿家庭成员接种流感疫苗。", "population"),
        ("LVEF≥50%为HFrEF。", "HFrEF的LVEF≤40%，HFpEF的LVEF≥50%。", "content"),
        ("GBS患者多有感觉平面。", "GBS患者感觉障碍轻。ATM患者多有感觉平面。", "content"),
        ("应到村卫生室门诊部做筛查。", "应到定点医疗机构做筛查。", "content"),
        ("终末期病变伴畸形者做截骨术。", "中年活动量大者可做截骨术；终末期病变伴畸形者做关节置换。", "content"),
        ("6岁以下成人不宜用甲药。", "6岁以下儿童不宜用甲药。", "population"),
        ("慢性肾病者氯吡格雷加华法林比替格瑞洛加华法林更有效。", "慢性肾病者替格瑞洛加华法林比氯吡格雷加华法林更有效。", "drug"),
        ("肌酐清除率20~40 ml/min者每24 h 1次。", "肌酐清除率20~40 ml/min者0.3 g，每12 h 1次；＜20 ml/min者每24 h 1次。", "frequency_duration"),
        ("患者可以接受拔罐。", "患者应避免拔罐、刮痧、推拿。", "negation"),
        ("肌酐清除率＜50 ml/min者禁用布洛芬。", "肌酐清除率＜50 ml/min者不长期用布洛芬，肌酐清除率＜20 ml/min者禁用。", "negation"),
        ("哮喘者可用美托洛尔。", "药物：美托洛尔（静脉） | 剂量：5 mg静脉注射 | 主要禁忌：低血压者禁用；哮喘者不用", "negation"),
        ("准备手术的患者可继续使用阿司匹林。", "准备手术的患者要告诉医生正在用阿司匹林，术前停用。", "content"),
        ("枸橼酸钙含元素钙50%。", "碳酸钙含元素钙50%，吸收好；枸橼酸钙含元素钙20%。", "drug"),
        ("术后患者头向健侧转。", "术后患者头向患侧转。", "content"),
        ("理疗可以缓解疼痛。", "理疗可以减肿，但是否能缓解疼痛尚无定论。", "negation"),
        ("女性评分≥4分需住院。", "评分男性≥4分、女性≥5分的患者需住院。", "number"),
        ("中、重度疼痛先用甲药。", "轻、中度疼痛先用甲药。", "population"),
        ("肾小球滤过率30~44者，阿卡波糖用100 mg。", "药物：阿卡波糖 | 剂量：100 mg | 注意：肾小球滤过率30~44者50 mg", "number"),
        ("老年人比青年更容易发热。", "老年人咳嗽比青年更常见，而青年比老年人更容易发热。", "content"),
        ("高血压患者可将缬沙坦与贝那普利联用。", "高血压患者可用缬沙坦或贝那普利，但两类药不联用。", "negation"),
        ("推荐肝素皮内注射。", "甲药肌内注射。不推荐阿司匹林、华法林、氯吡格雷及肝素皮内注射。", "negation"),
        ("塞来昔布每月不超过12天。", "布洛芬每周不超过3天、每月不超过12天；塞来昔布每周不超过2天、每月不超过9天。", "drug"),
        ("听阈26~40 dB属于三期。", "二期：听阈为26~40 dB；三期：听阈为41~70 dB。", "grade"),
        ("先输葡萄糖后补维生素B1。", "先补维生素B1后输葡萄糖。", "content"),
        ("缺损未沟通者无需干预。", "缺损可沟通者无需干预；缺损未沟通者须每3个月随访。", "content"),
        ("前列腺素衍生剂加重炎性反应。", "前列腺素衍生剂作用不大，毛果云香碱没有作用，且加重炎性反应。", "content"),
        ("2岁以下幼童接种于上臂三角肌。", "2岁及以上人群接种于上臂三角肌，2岁以下幼童接种于大腿外侧。", "population"),
        ("推荐甲药，不推荐乙药。", "不推荐甲药，推荐乙药。", "negation"),
        ("最佳使用时间已经清楚。", "最佳使用时间尚不清楚。", "negation"),
        ("灵长类动物的咬伤一般不需要预防性使用抗菌药。", "啮齿类动物的咬伤一般不需要预防性使用抗菌药。", "content"),
    ],
)
def test_a_hostile_change_is_refused_for_its_reason(claim, source, kind):
    verdict = verify(claim, source)
    assert not verdict.supported
    assert kind in {reason.kind for reason in verdict.reasons}


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("女性腰围应小于80厘米。", WAIST),
        ("每日2次，每次0.3 g。", "每次300 mg，bid。"),
        ("连用2周。", "连用14天。"),
        ("空腹血糖≥126 mg/dl。", "空腹血糖≥7.0 mmol/L。"),
        ("45～59岁患病率为37.8%。", "18～44岁、45～59岁和60岁及以上患病率分别为13.3%、37.8%和59.2%。"),
        ("氨氯地平每日剂量为2.5~10 mg。", "表3 常用降压药物 | 药物: 氨氯地平 | 每日剂量(mg): 2.5–10"),
        ("收缩压≥140 mmHg。", "血压≥140/90 mmHg。"),
        ("3到11岁的孩子用45 mg。", "成人75 mg，3~11岁45 mg。"),
        ("低分子肝素是首选药物。", "低分子肝素是急性期抗凝的首选药物。"),
        ("应避开的药物有布洛芬。", "应避免的药物有布洛芬。"),
        ("不推荐用激素。", "推荐用水化。不推荐用激素。除非休克，不用升压药。"),
        ("孕妇推荐口服补铁。", "孕妇不推荐肌内注射，而是推荐口服补铁。"),
        ("可用甘露醇降颅压。", "除抬高头位等措施外，可用甘露醇降颅压。"),
        ("用药前应查肝功能。", "用药前应查肝功能，若转氨酶升高，应停用甲药。"),
        ("甲硝唑与华法林合用可增加出血。", "甲硝唑与苯妥英合用可升高血药浓度，与华法林合用可增加出血。"),
        ("地高辛需在停用奎尼丁2天后使用。", "药物: 地高辛 | 注意: 停奎尼丁2 d后用"),
        ("推荐手术（Ⅰ级建议）。", "推荐手术（Ⅰ级推荐）。"),
        ("每年发作大于等于2次。", "每年发作≥2次。"),
        ("每年复发率超过50%。", "年复发率超过50%。"),
        ("疗程最长10天。", "疗程不超过10天。"),
        ("目标剂量为20 mg/d。", "起始剂量: 5 mg/d | 用法: 目标20 mg/d"),
        ("甲药没有绝对禁忌。", "药物: 甲药 | 禁忌: 无绝对禁忌"),
        ("每4~6周复查1次。", "每4~6周复查。"),
        ("肾功能不全的患者补液不宜过快。", "老年人、婴幼儿及肾功能不全的患者补液不宜过快。"),
        ("发作时无需停药。", "发作时不停药。"),
        ("71~80岁可达63%。", "61~70岁约40%，71~80岁达63%。"),
        ("所有无禁忌证的患者均应使用他汀。", "所有没有禁忌证的患者使用他汀。"),
        ("5 mg静脉注射；低血压者禁用。", "药物：美托洛尔 | 剂量：5 mg静脉注射 | 主要禁忌：低血压者禁用；哮喘者不用"),
        ("每周应至少进行2次评估。", "至少每周评估2次。"),
        ("糖尿病患者血压应较基线降低30%以上。", "糖尿病患者血压较基线降低＞30%，老年人＜150 mmHg且较基线降低＞30%。"),
        ("男性患病率为2.5%。", "总患病率为0.9%；男性和女性的患病率分别为2.5%和3.5%。"),
        ("失眠分级中，Ⅱ级影响工作。", "失眠分级：Ⅰ级无症状；Ⅱ级影响工作；Ⅲ级不能工作。"),
        ("尿酸较基线升高超过20%应减量。", "尿酸升高超过基线20%应减量，超过40%应停药。"),
        ("哺乳期妇女禁用甲药。", "甲药禁用于哺乳期。"),
        ("合并哮喘者减重目标为6%~9%或更多。", "合并高血压者减重目标为12%；合并哮喘者为6%~9%或更多。"),
        ("应在2~4个月内使体重减轻6%~8%。", "目标是2~4个月减重6%~8%。"),
        ("氯吡格雷联合阿司匹林有效。", "氯吡格雷加阿司匹林有效。"),
        ("使用前应做青霉素皮试。", "药物：阿莫西林 | 主要禁忌：青霉素过敏、青霉素皮试阳性 | 注意：用前做青霉素皮试"),
        ("无论是否伴有高热。", "有或没有高热。"),
        ("速率应不超过500 ml/h。", "速率不应超过500 ml/h。"),
        ("体重低于30 kg者每次5 mg。", "＜30 kg者5 mg/次；＞30 kg者10 mg/次。"),
        ("抽搐持续超过3分钟时用咪达唑仑。", "抽搐＞3 min时用咪达唑仑。"),
        ("首选甲泼尼龙静脉冲击治疗。", "首选方案是静脉输注甲泼尼龙(20 mg/kg，最多500 mg)冲击治疗。"),
        ("吸入激素或ICS+LABA有效。", "吸入激素(ICS)或吸入激素加长效β2受体激动剂(ICS+LABA)有效。"),
        ("使体重下降3%~6%。", "减轻体重的3%~6%。"),
        ("第2剂与第3剂至少间隔50天。", "第1、2剂间隔≥20 d，第2、3剂间隔≥50 d。"),
        ("按体表面积6~9 mg/m²静脉注射。", "每平方米体表面积6~9 mg，静脉注射。"),
        ("中度烧伤是指面积10%~30%。", "面积5%~10%为轻度烧伤，10%~30%为中度烧伤，30%以上为重度烧伤。"),
        ("重症患者应住院。", "轻症患者可居家，症状重者应住院。"),
        ("每天睡够7小时。", "每天睡眠不少于7小时。"),
        ("BPH患者应限制饮酒。", "良性前列腺增生患者应限制饮酒。"),
        ("成年女性腰围不小于80 cm为异常。", "成人腰围男性≥85 cm、女性≥80 cm为异常。"),
        ("甲药少于每日20 g。", "甲药＜20 g/d。"),
        ("第5~8天达高峰。", "5~8 d达高峰。"),
        ("小儿不建议使用布洛芬和阿司匹林。", "布洛芬每次0.2 g，不建议用于小儿。阿司匹林每次0.3 g，不建议用于小儿。"),
        ("体重超过60 kg者阿卡波糖用50 mg。", "药物：阿卡波糖 | 剂量：100 mg | 注意：体重＞60 kg或合用华法林者50 mg"),
        ("病情未稳定时每周查1次。", "病情稳定前每周查1次。"),
        ("布洛芬每月不超过12天，每周不超过3天。", "布洛芬每周不超过3天、每月不超过12天。"),
        ("G3b期的肌酐为133 μmol/L。", "表1 肾病分期 | 分期：G3b | 肌酐：133 μmol/L"),
        ("6岁以下儿童禁用阿卡波糖。", "药物：阿卡波糖 | 主要禁忌：6岁以下儿童不用；妊娠期"),
        ("1岁以下婴儿每次1 g。", "成人每次3 g；儿童1岁以下每次1 g，1~2岁每次2 g。"),
        ("没有出血和发热的患者，可以观察。", "无出血、无发热的患者可观察。"),
        ("不建议长期用华法林抗凝。", "建议避免长期服用华法林抗凝。"),
        ("甲药不与激素合用。", "不把甲药与激素合用。"),
        ("拔牙前2周停用阿司匹林。", "拔牙2周前停用阿司匹林。"),
        ("术后头3个月每月复查。", "术后最初3个月每月复查。"),
        ("近期非手术不可的应抗凝。", "近期必须手术的应抗凝。"),
        ("甲药最大每日75 mg。", "甲药：25 mg/d，无效者加至50 mg/d（最大剂量75 mg/d）。"),
        ("听阈41~70 dB属于三期。", "二期：听阈为26~40 dB；三期：听阈为41~70 dB。"),
        ("每季度随访1次。", "每3个月随访1次。"),
        ("做不做手术都建议终身抗凝。", "无论是否手术，均建议终身抗凝。"),
    ],
)
def test_the_same_fact_in_other_words_is_accepted(claim, source):
    assert verify(claim, source).reasons == ()


def test_respectively_pairs_the_lists_in_order():
    source = "18～44岁、45～59岁和60岁及以上患病率分别为13.3%、37.8%和59.2%。"
    assert not verify("45～59岁患病率为13.3%。", source).supported


def test_an_empty_claim_is_not_supported():
    assert not verify(" ", "血压≥140/90 mmHg。").supported


def test_short_pairs_are_checked_fast():
    pairs = [(c["claim"], c["source"]) for c in CASES]
    for claim, source in pairs:  # loads the lexicon and compiles the patterns
        verify(claim, source)
    start = time.process_time()
    for claim, source in pairs:
        verify(claim, source)
    # the goal is 2,000 a second; a busy machine gets a margin
    assert len(pairs) / (time.process_time() - start) > 700


def test_lines_keep_their_ids_and_an_invalid_line_does_not_stop_the_rest():
    lines = [
        '\ufeff{"id": "a", "source": "每次5 mg。", "claim": "每次5 g。"}',
        "not json",
        '{"id": 7, "source": "每次5 mg。"}',
        "[]",
        "",
        '{"source": "每次5 mg。", "claim": "每次5毫克。"}',
    ]
    first, second, third, fourth, last = check_lines(lines)
    assert first["id"] == "a" and first["supported"] is False
    assert first["reasons"] == [{"kind": "unit", "claim": "5 g", "source": "5 mg"}]
    assert set(second) == set(fourth) == {"error"}
    assert third["id"] == 7 and "claim" in third["error"]
    assert last == {"supported": True, "reasons": []}


def test_a_verdict_is_the_same_every_time():
    claim, source = CASES[5]["claim"], CASES[5]["source"]
    first = verify(claim, source)
    read.cache_clear()
    assert verify(claim, source) == first


def test_an_item_named_twice_in_a_list_has_taken_anothers_place():
    source = "肥胖症患者常合并血脂异常、脂肪肝、高血压、糖耐量异常或糖尿病。"
    assert not verify(source.replace("高血压", "糖尿病"), source).supported
    assert verify("肥胖症患者常合并脂肪肝、高血压或糖尿病。", source).supported
