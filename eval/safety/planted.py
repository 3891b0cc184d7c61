"""Sentences with made-up identifiers planted in them, and sentences that look alike but hold none; the same every time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import NamedTuple

SEED = 20
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_HAN = str.maketrans("0123456789", "零一二三四五六七八九")


class Planted(NamedTuple):
    """A question, the identifier in it exactly as written there, and its kind."""

    question: str
    secret: str
    kind: str


def identity_number(rng: random.Random, right: bool = True) -> str:
    """Make an 18-digit number whose check character is right, or wrong."""
    birth = f"{rng.randint(1935, 2022)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}"
    body = rng.choice(("110105", "330106", "420111", "510104", "130102", "650102")) + birth + f"{rng.randint(1, 999):03}"
    at = sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True)) % 11
    return body + "10X98765432"[at if right else (at + 3) % 11]


def card_number(rng: random.Random) -> str:
    """Make a 19-digit bank card number that passes the Luhn check."""
    body = "6222" + "".join(str(rng.randint(0, 9)) for _ in range(14))
    total = sum(sum(divmod(int(d) * (2 if i % 2 == 0 else 1), 10)) for i, d in enumerate(reversed(body)))
    return body + str(-total % 10)


def planted() -> Iterator[Planted]:
    """Yield the questions with an identifier each."""
    rng = random.Random(SEED)
    yield from _identity(rng)
    yield from _phones(rng)
    yield from _records(rng)
    yield from _names()
    yield from _addresses()
    yield from _others(rng)
    yield from (Planted(*line.split("|")) for line in UNUSUAL)


def _identity(rng: random.Random) -> Iterator[Planted]:
    for write in (str, _spaced, lambda n: n.translate(_FULL_WIDTH), str.lower):
        for form in ("身份证号{}，血压控制目标是多少？", "患者身份证 {} 高血压", "{}，2型糖尿病怎么用药", "帮我查一下{}这个人的用药", "身份证号码：{}。头晕"):
            secret = write(identity_number(rng))
            yield Planted(form.format(secret), secret, "身份证号")
    for form in ("身份证号{}，血压高", "身份证：{}", "身份证号码是{}，糖尿病"):
        secret = identity_number(rng, right=False)
        yield Planted(form.format(secret), secret, "疑似身份证号")
    for _ in range(4):
        number = identity_number(rng)
        secret = number[:6] + number[8:17]
        yield Planted(f"老身份证{secret}，想问血脂", secret, "身份证号")


def _spaced(number: str) -> str:
    return f"{number[:6]} {number[6:14]} {number[14:]}"


def _phones(rng: random.Random) -> Iterator[Planted]:
    def mobile() -> str:
        return f"1{rng.choice('3456789')}{rng.randint(0, 999_999_999):09}"

    writes = (
        str, lambda n: f"{n[:3]} {n[3:7]} {n[7:]}", lambda n: f"{n[:3]}-{n[3:7]}-{n[7:]}", lambda n: n.translate(_FULL_WIDTH),
        lambda n: n.translate(_HAN), lambda n: n.translate(_HAN).replace("一", "幺"), lambda n: f"+86 {n}", lambda n: f"86-{n}",
        lambda n: "\u200b".join((n[:5], n[5:])), lambda n: " ".join(n),
    )
    for write in writes:
        for form in ("手机{}，高血压怎么办", "打我电话{}回复", "{}，问一下糖尿病饮食", "联系方式：{}，头晕"):
            secret = write(mobile())
            yield Planted(form.format(secret), secret, "电话")
    for secret in ("010-62345678", "(0571)87654321", "0571 8765 4321", "021-54321098转203", "０７５５－２３４５６７８９"):
        for form in ("座机{}", "家里电话{}，老人高血压", "{}是我的电话"):
            yield Planted(form.format(secret), secret, "电话")


def _records(rng: random.Random) -> Iterator[Planted]:
    for label in ("医保卡号", "医保号", "社保卡号", "病历号", "病案号", "住院号", "门诊号", "就诊卡号", "登记号", "检查号"):
        for form in ("{}：{}，血糖高", "{}是{}", "{} {} 高血压随访"):
            secret = rng.choice(("", "A", "ZY", "MZ")) + str(rng.randint(10**6, 10**9))
            yield Planted(form.format(label, secret), secret, "病历或医保号")
    for form in ("银行卡{}", "卡号{}，挂号费", "{}退费", "我的卡是 {} "):
        number = card_number(rng)
        for secret in (number, " ".join(number[i : i + 4] for i in range(0, 19, 4))):
            yield Planted(form.format(secret), secret, "银行卡号")


def _names() -> Iterator[Planted]:
    people = (
        "王小明", "李秀英", "张伟", "刘建国", "陈静", "杨桂兰", "赵志强", "黄丽华", "周海燕", "吴国栋", "欧阳娜娜", "司马建军", "孙大伟",
        "徐美玲",
    )
    forms = (
        "患者{}，男，56岁，高血压", "姓名：{} 年龄60", "我叫{}，血糖高", "我爸{}血压160/100怎么办", "名叫{}的老人头晕", "{}女士，2型糖尿病",
        "联系人：{}，电话打不通",
    )
    for person in people:
        for form in forms:
            yield Planted(form.format(person), person, "姓名")
    for person in ("买买提·阿不都", "古丽·热合曼", "才让·卓玛"):
        yield Planted(f"患者{person}，咳嗽两周", person, "姓名")


def _addresses() -> Iterator[Planted]:
    places = (
        "浙江省杭州市西湖区文三路123号4幢502室", "河北省石家庄市长安区中山东路88号", "江西省上饶市鄱阳县油墩街镇张家村12组",
        "北京市朝阳区建国路88号院3号楼1201室",
        "广东省深圳市南山区科技园南路6号", "四川省成都市武侯区人民南路四段20号", "新疆维吾尔自治区喀什地区莎车县米夏镇", "朝阳区幸福小区5号楼2单元301室",
        "湖北省黄冈市麻城市龙池街道", "吉林省长春市农安县合隆镇陈家店村",
    )
    for place in places:
        for form in ("家住{}，血压高", "住址：{}", "{}，老人咳嗽", "我在{}，糖尿病"):
            yield Planted(form.format(place), place, "住址")


def _others(rng: random.Random) -> Iterator[Planted]:
    for secret in ("zhang.san@163.com", "li_si88@qq.com", "wangwu@hospital.org.cn", "ｚｈａｏ＠126.com"):
        for form in ("邮箱{}", "发到{}，谢谢", "{} 高血压资料"):
            yield Planted(form.format(secret), secret, "邮箱")
    for secret in ("1958年3月12日", "1965-04-05", "1972.11.3", "19580312", "一九五八年三月十二日"):
        for form in ("出生日期：{}，高血压", "生日{}", "{}出生，男，糖尿病"):
            yield Planted(form.format(secret), secret, "出生日期")
    for label in ("微信", "微信号：", "QQ", "QQ号：", "vx "):
        secret = f"user{rng.randint(10_000, 99_999)}" if "Q" not in label else str(rng.randint(10**7, 10**9))
        yield Planted(f"{label}{secret}，加我聊高血压", secret, "微信或QQ")
    for secret in ("浙A12345", "京B·8K213", "粤C9D8E7"):
        yield Planted(f"车牌{secret}撞了人，腿疼", secret, "车牌")


# Unusual ways to write an identifier: question|identifier|kind. Written before any was tried; 50 of 64 were masked at first.
UNUSUAL = tuple("""身份证 1101 0119 9003 0712 33 帮我查|1101 0119 9003 0712 33|身份证号
身份证号：１１０１０１１９９００３０７７８７８|１１０１０１１９９００３０７７８７８|疑似身份证号
身份证110101-19900307-7878|19900307|疑似身份证号
手机 138 1234 5678|138 1234 5678|电话
电话：138-1234-5678 请回电|138-1234-5678|电话
手机１３８１２３４５６７８|１３８１２３４５６７８|电话
我电话是一三八一二三四五六七八|一三八一二三四五六七八|电话
打我手机 幺三八 幺二三四 五六七八|幺二三四|电话
座机010-62345678|62345678|电话
座机（0571）8765 4321|8765|电话
微信号 zhang_san88 加我|zhang_san88|微信或QQ
vx:wx_lisi2020|wx_lisi2020|微信或QQ
V信 abc123456 问下|abc123456|微信或QQ
QQ 123456789|123456789|微信或QQ
扣扣号：987654321|987654321|微信或QQ
邮箱 zhangsan@163.com|zhangsan|邮箱
邮箱 li si at qq dot com|li si at|邮箱
住院号 0012345678 患者发热|0012345678|病历或医保号
病案号：ZY-2023-00881|2023-00881|病历或医保号
门诊号202311050034|202311050034|病历或医保号
病历号 A12345|A12345|病历或医保号
床号12 住院号：876543|876543|病历或医保号
医保卡号 3301A123456789|123456789|病历或医保号
社保号：440301199001011234|19900101|身份证号
医保号 H12345678|12345678|病历或医保号
护照号 E12345678|E12345678|证件号
护照：EA1234567|EA1234567|证件号
港澳通行证 C12345678|C12345678|证件号
车牌 粤B12345 撞伤|粤B12345|车牌
车牌号京A·88888|88888|车牌
车牌沪AD12345|AD12345|车牌
银行卡 6222 0212 3456 7890 123|6222 0212 3456 7890 123|银行卡号
卡号6228480402564890018|6228480402564890018|银行卡号
患者张三，男，56岁，胸痛|张三|姓名
病人叫李小明 咳嗽|李小明|姓名
我爸王建国血压高|王建国|姓名
家属刘桂兰代诉|刘桂兰|姓名
我叫欧阳娜娜 头疼|欧阳娜娜|姓名
姓名：赵 六 年龄 40|赵 六|姓名
患儿陈梓涵，3岁|陈梓涵|姓名
我老公叫孙悟发烧三天|孙悟|姓名
我妈妈周秀英糖尿病|周秀英|姓名
病人姓名 吴 大 海|吴 大 海|姓名
名字是郑爽|郑爽|姓名
联系人：冯程程|冯程程|姓名
主治医生钱学森让问|钱学森|姓名
住在朝阳区建国路88号3单元502|建国路88号|住址
地址：杭州市西湖区文三路 123 号|文三路|住址
我家在李家村3组|李家村|住址
家住幸福小区5栋2单元301室|5栋|住址
住址 浦东新区张江镇碧波路690弄|碧波路690弄|住址
老家河南省信阳市罗山县子路镇大湾村|大湾村|住址
住天通苑北二区12号楼|12号楼|住址
出生日期1985年3月7日|1985年3月7日|出生日期
生日 1985.03.07|1985.03.07|出生日期
出生于一九八五年三月七日|一九八五年三月七日|出生日期
DOB 1985-03-07|1985-03-07|出生日期
生于85年3月7号|85年3月7号|出生日期
IP 192.168.1.23|192.168.1.23|网络地址
身份证后四位 7878，姓名孙丽|孙丽|姓名
学号 2019010233|2019010233|证件号
工号：E0098712|E0098712|证件号
军官证 南字第01234567号|01234567|证件号
微信名叫“云淡风轻8866”|云淡风轻8866|微信或QQ
我身份证后六位122033，查一下|122033|号码片段
老人手机号末四位5678|5678|号码片段
加我V：zhang_san88 说下药|zhang_san88|微信或QQ
患儿刘一诺，3岁，咳嗽|刘一诺|姓名
12床 吴国强 高血压3级|吴国强|姓名
患者 Zhang Wei, male, 高血压|Zhang Wei|姓名
地址是北京市海淀区中关村南大街27号院4号楼1202|1202|住址
健康档案编号33010600100100234|33010600100100234|病历或医保号""".splitlines())

# What must stay: doses, values, years, document numbers, words that begin like a name or a place.
PLAIN = tuple("""血压140/90 mmHg要吃药吗
患者黄疸，3岁，怎么处理
患者 Child Pugh 分级B级怎么用药
3床患者血压高怎么办
患者末次月经后5天
病房3号楼200张床的护理要求
卡马西平后4周复查什么
电话随访频率是多少
患儿高热惊厥，3岁，怎么处理
国卫办医函〔2020〕184号文件怎么说
国卫基层发〔2017〕1号
WS 288-2017肺结核诊断标准
DOI 10.3760/cma.j.cn112138-20200101-00001
2020年版指南和2017年版指南有什么区别
阿司匹林100 mg每日1次，用7-14天
剂量从12.5 mg开始，最大200 mg/d，分2~3次
eGFR 45 ml/min/1.73m²，二甲双胍用多少
TSH 0.5~4.5 mIU/L，FT4 12-22 pmol/L
HBV DNA 2×10^5 IU/ml
白细胞12.5×10^9/L，血小板150×10^9/L
空腹血糖7.0 mmol/L，HbA1c 6.5%
1:1000肾上腺素0.3~0.5 mg
心率60~100次/min，血钾3.5-5.5 mmol/L
患者出现胸痛怎么办
患者应首选什么药
患者高热，怎么处理
患者黄疸，怎么查
患者张力性气胸怎么办
患者周围神经病变
患者陈旧性心梗
患者胡言乱语
患者白细胞低
患者马上要手术
患者于2020年1月5日入院
患者常年咳嗽
患者方便时复查
患者任何时候都能用吗
病人全身乏力
病人能不能喝酒
孕妇和喂奶的妇女不能用
患者应规律运动
患者尚缺乏证据
我爸高血压十年了
我是高血压患者
爷爷严重失眠
家属应该怎么护理
我叫救护车了
孩子叫不醒
他叫我问问高血压
社区获得性肺炎怎么治
乡镇卫生院能不能做
省市级医院转诊标准
县区级医院和乡镇卫生院
北京市高血压患病率
江苏省基层指南
中国高血压防治指南2024年修订版第35页
2024-05-01发布的指南
GB 11643-1999
拨打120，或者12356
13岁儿童流感用药
奥司他韦75 mg bid 5天
13800步走路
BMI 28.5，腰围95 cm
胰岛素0.2 U/kg
血压从180/110降到140/90
1958年3月的指南
随访1、2、3、6、12个月
二〇二四年版
三五天就好
一二三级高血压
一天两三次，一次三四片
第1-3天每次10 mg，第4-7天每次20 mg""".split("\n"))
