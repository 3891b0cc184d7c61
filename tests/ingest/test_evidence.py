import pytest

from rag.ingest.evidence import row_sentence
from rag.types import Table, TableRow


def row(header: str, cell: str) -> str:
    table = Table("表1 用量", ("药物", header), (TableRow(("甲药", cell), f"甲药 {cell}"),))
    return row_sentence(table, table.rows[0]).text


@pytest.mark.parametrize(("header", "cell", "shown"), [
    ("每份质量（g）", "32", "每份质量（g）: 32 g"), ("剂量(mg/d)", "2.5~10", "剂量(mg/d): 2.5~10 mg/d"), ("血压（mmHg）", "≥140", "血压（mmHg）: ≥140 mmHg"),
    ("体重（kg）", "＞15～23", "体重（kg）: ＞15～23 kg"), ("达标率(%)", "45.3", "达标率(%): 45.3%"), ("剂量, mg", "5", "剂量, mg: 5 mg"),
])  # fmt: skip
def test_a_columns_unit_stands_behind_its_bare_numbers(header: str, cell: str, shown: str):
    assert row(header, cell).split(" | ")[-1].replace("＞", ">") == shown.replace("＞", ">")


@pytest.mark.parametrize(("header", "cell"), [
    ("剂量（mg）", "5 mg，每日1次"), ("质量估算", "32"), ("分级（轻、中、重）", "3"), ("推荐（A）", "2"), ("剂量（mg）", "—"),
])  # fmt: skip
def test_other_cells_stay_as_they_are(header: str, cell: str):
    assert row(header, cell).split(" | ")[-1] == f"{header}: {cell}"
