import pytest
from langchain_core.retrievers import BaseRetriever
from langchain_tests.integration_tests import RetrieversIntegrationTests

from rag import KnowledgeBase
from rag.retrieve.langchain import GuidelineRetriever


class TestLangChainStandard(RetrieversIntegrationTests):
    @pytest.fixture(autouse=True)
    def _index(self, base: KnowledgeBase) -> None:
        type(self).knowledge_base = base

    @property
    def retriever_constructor(self) -> type[BaseRetriever]:
        return GuidelineRetriever

    @property
    def retriever_constructor_params(self) -> dict:
        return {"knowledge_base": self.knowledge_base, "k": 3}

    @property
    def retriever_query_example(self) -> str:
        return "测热病的诊断标准和药物治疗"


def test_documents_say_where_they_stand(base: KnowledgeBase):
    first = base.as_retriever(k=2).invoke("测热病首选什么药")[0]
    assert first.metadata["year"] == 2024
    assert first.metadata["section"][0] == "测热病诊疗指南（2024年版）"
    assert first.id == first.metadata["passage_id"]
