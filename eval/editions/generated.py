"""Made-up guidelines, as many and as long as wanted: text files whose every fact carries the number of its revision."""

from __future__ import annotations

import random
import re
from pathlib import Path

LINES_A_PAGE = 18  # of about 40 characters, as a printed page of a guideline has
_SUBJECTS = "首剂 维持量 最大剂量 给药间隔 疗程 复查间隔 随访间隔 目标值 转诊界值 监测次数 停药界值 观察时间".split()
_UNITS = "mg g 天 周 次 小时 mmol/L mmHg 个月 分钟".split()
_CLAUSES = (
    "应当结合年龄与合并症逐步调整", "出现不良反应时先减量再评估", "肝肾功能不全者须延长间隔", "妊娠期妇女应由专科医师决定",
    "儿童按体重计算且不超过成人量", "联合用药前应核对相互作用", "症状缓解后仍须完成全部疗程", "未达目标者在下次随访时加量",
    "老年患者从小剂量开始", "转诊前应完善必要的检查并记录", "不推荐在急性期更换原有方案", "家庭记录可以作为调整的依据",
)


def disease(number: int) -> str:
    """Name the made-up disease of a guideline."""
    stems = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"
    return f"{stems[number // 400 % 20]}{stems[number // 20 % 20]}{stems[number % 20]}型虚构病"


def guideline(number: int, pages: int, revision: int = 0) -> str:
    """Write one guideline; the same arguments give the same text, and `revision` shows in every dose."""
    chance = random.Random(number)
    name = disease(number)
    lines = [f"{name}诊疗指南", "", f"虚构医学会  第{revision}次核对", ""]
    for page in range(1, pages + 1):
        lines.append(f"{page}. {chance.choice(_SUBJECTS)}与管理（第{page}节）")
        for _ in range(LINES_A_PAGE):
            subject, unit, clause = chance.choice(_SUBJECTS), chance.choice(_UNITS), chance.choice(_CLAUSES)
            lines.append(f"{name}患者的{subject}为{chance.randint(2, 900)}{unit}，核对号{revision}，{clause}。")
    return "\n".join(lines) + "\n"


def write(folder: Path, count: int, pages: int, revision: int = 0, *, kind: str = "txt") -> None:
    """Fill a folder with guidelines 0 to count - 1, as text files or printed (`pdf`)."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        revise(folder, number, pages, revision, kind=kind)


def revise(folder: Path, number: int, pages: int, revision: int, *, kind: str = "txt") -> None:
    """Replace one guideline by another revision under the same name."""
    text = guideline(number, pages, revision)
    path = folder / f"{number:04d}.{kind}"
    path.write_bytes(_printed(text) if kind == "pdf" else text.encode("utf-8"))


def _printed(text: str) -> bytes:
    """Typeset a guideline, each of its numbered sections on a page of its own."""
    import typst

    title, _, issuer, _, *lines = text.splitlines()
    body = "\n\n".join(f"#pagebreak(weak: true)\n= {line}" if re.match(r"\d+\. ", line) else line for line in lines)
    source = f"""#set page(paper: "a4")\n#set text(font: ("Noto Serif CJK SC", "Noto Sans CJK SC"), size: 10pt, lang: "zh")
#align(center, text(16pt)[{title}])\n\n#align(center)[{issuer}]\n\n{body}\n"""
    return typst.compile(source.encode())


def question(number: int) -> str:
    """Ask for something that every revision of a guideline answers."""
    return f"{disease(number)}患者的最大剂量是多少？"
