"""在自己的程序里用指南针：问一个问题，逐句列出依据的指南、章节和页码。

运行：python examples/plain_app.py
"""

from rag import KnowledgeBase
from rag.settings import load


def main() -> None:
    settings = load()
    KnowledgeBase.build(settings.corpus, settings.index)  # 只处理有变化的文件
    base = KnowledgeBase.open(settings.index)
    answer = base.ask("2型糖尿病合并慢性肾脏病首选什么降糖药？")
    if answer.status == "abstained":
        print("没有找到足够的依据。")
    for statement in answer.statements:
        print(statement.text)
        for citation in statement.citations:
            print(f"    {citation.edition.title}，{' > '.join(citation.section)}，第 {list(citation.pages)} 页")


if __name__ == "__main__":
    main()
