"""LlamaIndex's documents go in, and answers come out in its shapes, without any LLM."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from llama_index.core import Document, Settings, SimpleDirectoryReader
from llama_index.core.base.llms.types import ChatMessage, MessageRole
from llama_index.core.query_engine import BaseQueryEngine
from llama_index.core.retrievers import BaseRetriever

from index.passage import sentences
from index.search import Hit, Index
from index.words import content_words
from qa.answer import Answer
from qa.assistant import Assistant
from qa.confidence import Confidence
from qa.llamaindex import (
    QuothChatEngine,
    as_chat_engine,
    as_query_engine,
    as_retriever,
    delete_ref_doc,
    insert,
    refresh_ref_docs,
)
from qa.reader import Candidate

LAVROV = "Sergei Lavrov spoke on Monday.\r\nLavrov cited 91 drones over the Novgorod region."
TURTLES = "Leatherback turtles nest in Gabon. The turtles weigh up to 600 kilograms."


class SentenceReader:
    """Reads as a candidate the sentence of each hit that shares most words with the question."""

    fingerprint = "sentences"

    def read(self, question: str, hits: Sequence[Hit]) -> list[Candidate]:
        """A candidate of each hit, best first."""
        asked = set(content_words(question))
        candidates = []
        for hit in hits:
            text = hit.passage.text
            shared = {
                span: len(asked & set(content_words(text[slice(*span)])))
                for span in sentences(text)
            }
            best = max(shared, key=shared.__getitem__)
            start, end = best.start + hit.passage.start, best.end + hit.passage.start
            candidates.append(Candidate(hit, start, end, shared[best] * 10.0, 0.5))
        return sorted(candidates, key=lambda each: -each.score)


@pytest.fixture
def index(tmp_path: Path):
    with Index.create(tmp_path / "index") as created:
        yield created


@pytest.fixture
def assistant(index: Index) -> Assistant:
    sure = Confidence(
        weights={"span": 1.0},
        bias=-5.0,
        threshold=0.5,
        target_error=0.05,
        reader="r",
        fitted_on="none",
    )
    return Assistant(index, reader=SentenceReader(), confidence=sure)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "lavrov.txt").write_bytes(LAVROV.encode())
    (folder / "turtles.md").write_bytes(TURTLES.encode())
    return folder


def test_a_loaded_folder_is_inserted_asked_and_cited(index, assistant, files):
    for document in SimpleDirectoryReader(str(files), filename_as_id=True).load_data():
        insert(index, document)

    response = as_query_engine(assistant).query("How many drones did Lavrov cite?")

    assert str(response) == "Lavrov cited 91 drones over the Novgorod region"
    assert response.metadata["answered"] is True
    assert response.metadata["confidence"] > 0.5
    source = response.source_nodes[0]
    assert source.metadata["file_name"] == "lavrov.txt"
    assert source.metadata["file_path"] == str(files / "lavrov.txt")
    assert source.metadata["cited_text"] == str(response)
    text = index.document(source.node.ref_doc_id).text
    place = slice(source.metadata["start_char_idx"], source.metadata["end_char_idx"])
    assert text[place] == source.metadata["cited_text"]
    assert text[source.node.start_char_idx : source.node.end_char_idx] == source.text
    json.dumps(response.metadata)
    json.dumps(source.metadata)


def test_a_mirrored_folder_is_cited_with_its_files(tmp_path, files):
    with Index.create(tmp_path / "mirror", documents=files) as index:
        index.sync()
        nodes = as_retriever(index, similarity_top_k=1).retrieve("Where do turtles nest?")
    assert len(nodes) == 1
    assert nodes[0].text == TURTLES
    assert nodes[0].metadata["file_name"] == "turtles.md"
    assert nodes[0].metadata["file_path"] == str(files / "turtles.md")
    assert nodes[0].node.ref_doc_id == "turtles.md"


def test_the_shapes_are_those_of_llamaindex(assistant):
    assert isinstance(as_retriever(assistant), BaseRetriever)
    assert isinstance(as_query_engine(assistant), BaseQueryEngine)
    assert as_query_engine(assistant).get_prompts() == {}


def test_what_does_not_stand_there_is_said_in_a_field(index, assistant):
    insert(index, Document(text=TURTLES, id_="turtles"))
    response = as_query_engine(assistant).query("Who won the chess match?")
    assert str(response) == "Not in your documents."
    assert response.source_nodes == []
    assert response.metadata["answered"] is False
    assert response.metadata["reason"] == "no_match"
    assert response.metadata["missing_words"] == ["won", "chess", "match"]
    assert [each["document_id"] for each in response.metadata["nearest"]] == ["turtles"]
    json.dumps(response.metadata)


def test_an_empty_index_answers_that_it_is_empty(assistant):
    response = as_query_engine(assistant).query("Who spoke on Monday?")
    assert response.metadata["reason"] == "empty_index"
    assert as_retriever(assistant).retrieve("Who spoke on Monday?") == []


def test_no_llm_is_resolved(index, assistant):
    insert(index, Document(text=LAVROV))
    as_query_engine(assistant).query("Who spoke on Monday?")
    as_chat_engine(assistant).chat("Who spoke on Monday?")
    as_retriever(assistant).retrieve("Who spoke on Monday?")
    assert Settings._llm is None
    assert Settings._embed_model is None


def test_asynchronous_calls_give_the_same(index, assistant):
    insert(index, Document(text=LAVROV, id_="lavrov"))
    question = "How many drones did Lavrov cite?"
    engine, retriever = as_query_engine(assistant), as_retriever(assistant)
    assert asyncio.run(engine.aquery(question)) == engine.query(question)
    assert asyncio.run(retriever.aretrieve(question)) == retriever.retrieve(question)
    chat = asyncio.run(as_chat_engine(assistant).achat(question))
    assert chat == as_chat_engine(assistant).chat(question)


def test_a_page_number_is_kept(index, assistant):
    pages = [
        Document(text=text, metadata={"file_name": "report.pdf", "page_label": label})
        for text, label in ((TURTLES, "iv"), (LAVROV, "3"))
    ]
    assert refresh_ref_docs(index, pages) == [True, True]
    engine = as_query_engine(assistant)
    third = engine.query("How many drones did Lavrov cite?").source_nodes[0].metadata
    assert (third["file_name"], third["page_label"]) == ("report.pdf", "3")
    fourth = engine.query("How much do turtles weigh?").source_nodes[0].metadata
    assert fourth["file_name"] == "report.pdf"
    assert "page_label" not in fourth


def test_refreshing_writes_only_what_differs(index, assistant):
    documents = [Document(text=LAVROV, id_="a"), Document(text=TURTLES, id_="b")]
    assert refresh_ref_docs(index, documents) == [True, True]
    assert refresh_ref_docs(index, documents) == [False, False]
    documents[1] = Document(text=TURTLES.replace("600", "700"), id_="b")
    assert refresh_ref_docs(index, documents) == [False, True]
    response = as_query_engine(assistant).query("How much do turtles weigh?")
    assert "700 kilograms" in str(response)
    renamed = Document(text=LAVROV, id_="a", metadata={"file_name": "speech"})
    assert refresh_ref_docs(index, [renamed]) == [True]


def test_a_deleted_document_is_cited_no_more(index, assistant):
    insert(index, Document(text=LAVROV, id_="a"))
    insert(index, Document(text=TURTLES, id_="b"))
    assert delete_ref_doc(index, "a")
    assert not delete_ref_doc(index, "a")
    nodes = as_retriever(index).retrieve("How many drones did Lavrov cite?")
    assert [node.node.ref_doc_id for node in nodes] == ["b"]


@pytest.mark.parametrize("text", ["", " \n"])
def test_an_empty_page_stops_nothing(index, text):
    insert(index, Document(text=text, id_="blank"))
    assert index.document("blank").text == text
    assert len(index) == 0


@pytest.mark.parametrize(
    ("metadata", "document_id", "called"),
    [
        ({"file_name": "a.pdf", "title": "Annual report"}, "1f6e", "a.pdf"),
        ({"title": "Annual report"}, "1f6e", "Annual report"),
        ({}, "https://example.org/" + "a" * 400, "https://example.org/" + "a" * 400),
        ({"file_name": "a.txt"}, "a.txt_part_2", "a.txt"),
    ],
)
def test_a_document_is_called_by_its_name(index, metadata, document_id, called):
    insert(index, Document(text=TURTLES, id_=document_id, metadata=metadata))
    node = as_retriever(index).retrieve("turtles")[0]
    assert node.metadata["file_name"] == called
    assert "file_path" not in node.metadata


def test_a_model_is_told_the_file_and_not_the_offsets(index):
    insert(index, Document(text=TURTLES, metadata={"file_name": "turtles.md"}))
    node = as_retriever(index).retrieve("turtles")[0].node
    assert node.get_metadata_str(mode="llm") == "file_name: turtles.md"


@pytest.fixture
def engine(index: Index, assistant: Assistant) -> QuothChatEngine:
    insert(index, Document(text=LAVROV, id_="lavrov"))
    insert(index, Document(text=TURTLES, id_="turtles"))
    return as_chat_engine(assistant)


def test_a_message_is_answered_and_remembered(engine):
    response = engine.chat("How many drones did Lavrov cite?")
    assert "91 drones" in str(response)
    assert response.source_nodes[0].metadata["cited_text"] == str(response)
    assert response.metadata["answered"] is True
    assert [(each.role, each.content) for each in engine.chat_history] == [
        (MessageRole.USER, "How many drones did Lavrov cite?"),
        (MessageRole.ASSISTANT, str(response)),
    ]


def test_a_follow_up_leans_on_the_turn_before(engine):
    engine.chat("How many drones did Lavrov cite?")
    response = engine.chat("When did he speak?")
    assert response.metadata["understood_as"] == "When did Lavrov speak?"


def test_reset_forgets(engine):
    engine.chat("How many drones did Lavrov cite?")
    engine.reset()
    assert engine.chat_history == []
    assert engine.chat("When did he speak?").metadata["understood_as"] == "When did he speak?"


def test_a_history_passed_in_takes_the_place_of_the_memory(engine):
    engine.chat("Where do turtles nest?")
    history = [
        ChatMessage(content="Be brief.", role=MessageRole.SYSTEM),
        ChatMessage(content="How many drones did Lavrov cite?", role=MessageRole.USER),
        ChatMessage(content="Five, I believe.", role=MessageRole.ASSISTANT),
        ChatMessage(content=" ", role=MessageRole.USER),
    ]
    response = engine.chat("When did he speak?", chat_history=history)
    assert response.metadata["understood_as"] == "When did Lavrov speak?"
    assert [each.content for each in engine.chat_history][::2] == [
        "How many drones did Lavrov cite?",
        "When did he speak?",
    ]
    assert "Five" not in str(engine.chat_history)


def test_its_own_history_passed_back_is_not_asked_again(engine, monkeypatch):
    asked = []
    ask = Assistant.ask

    def counted(self, question: str, **options) -> Answer:
        asked.append(question)
        return ask(self, question, **options)

    monkeypatch.setattr(Assistant, "ask", counted)
    engine.chat("How many drones did Lavrov cite?")
    engine.chat("When did he speak?", chat_history=engine.chat_history)
    assert asked == ["How many drones did Lavrov cite?", "When did he speak?"]


def test_an_empty_history_begins_anew(engine):
    engine.chat("How many drones did Lavrov cite?")
    response = engine.chat("When did he speak?", chat_history=[])
    assert response.metadata["understood_as"] == "When did he speak?"


def test_a_stream_gives_the_answer(engine):
    response = engine.stream_chat("How many drones did Lavrov cite?")
    assert "".join(response.response_gen) == str(response)
    assert "91 drones" in str(response)
    assert response.source_nodes[0].metadata["cited_text"] == str(response)
    assert len(engine.chat_history) == 2


def test_an_asynchronous_stream_gives_the_answer(engine):
    async def streamed() -> tuple[str, str]:
        response = await engine.astream_chat("How many drones did Lavrov cite?")
        said = [each async for each in response.async_response_gen()]
        return "".join(said), str(response)

    said, whole = asyncio.run(streamed())
    assert said == whole
    assert "91 drones" in whole


def test_an_empty_message_is_refused(engine):
    with pytest.raises(ValueError, match="empty"):
        engine.chat(" ")
    assert engine.chat_history == []


def test_an_old_question_that_is_too_long_leaves_no_turn(engine):
    history = [
        ChatMessage(role=MessageRole.USER, content="why " * 600),
        ChatMessage(role=MessageRole.ASSISTANT, content="It is so."),
    ]
    response = engine.chat("When did he speak?", chat_history=history)
    assert response.metadata["understood_as"] == "When did he speak?"
