"""把指南针的检索器接进 LangChain 的链：检索 → 拼成提示 → 大模型 → 文本。

运行：OPENAI_BASE_URL=… OPENAI_API_KEY=… python examples/langchain_chain.py openai:deepseek-chat
不给模型时只打印提示，看检索到了什么。
"""

import sys

from langchain_core.documents import Document
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableLambda, RunnablePassthrough

from rag import KnowledgeBase
from rag.settings import load

PROMPT = ChatPromptTemplate.from_template("只根据下面的指南段落回答，并注明出处。\n\n{passages}\n\n问题：{question}")


def cited(documents: list[Document]) -> str:
    return "\n\n".join(
        f"《{d.metadata['title']}》第 {d.metadata['pages']} 页：{d.page_content}" for d in documents
    )


def main() -> None:
    settings = load()
    KnowledgeBase.build(settings.corpus, settings.index)  # 只处理有变化的文件
    retriever = KnowledgeBase.open(settings.index).as_retriever(k=4)
    chain = {"passages": retriever | RunnableLambda(cited), "question": RunnablePassthrough()} | PROMPT
    if len(sys.argv) > 1:
        from langchain.chat_models import init_chat_model

        chain = chain | init_chat_model(sys.argv[1]) | StrOutputParser()
        print(chain.invoke("痛风急性发作用什么药？"))
    else:
        print(chain.invoke("痛风急性发作用什么药？").to_string())


if __name__ == "__main__":
    main()
