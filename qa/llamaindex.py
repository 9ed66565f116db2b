"""LlamaIndex at both ends: its documents go in, and answers come out in its shapes.

This is the only door to llama_index. No LLM is asked for anywhere: `Settings.llm` stays untouched.
"""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import suppress
from pathlib import Path, PurePath
from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.llms.types import ChatMessage, ChatResponse, MessageRole
from llama_index.core.base.response.schema import Response
from llama_index.core.chat_engine.types import (
    AgentChatResponse,
    BaseChatEngine,
    StreamingAgentChatResponse,
)
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.schema import Document as LlamaDocument
from llama_index.core.schema import (
    NodeRelationship,
    NodeWithScore,
    QueryBundle,
    RelatedNodeInfo,
    TextNode,
)

from index.document import Document
from index.formats import SUFFIXES
from index.formats.text import normalise
from index.passage import Passage
from index.search import Index
from qa.answer import Answer, Turn
from qa.assistant import DEFAULT_K, Assistant

MAX_PAGES = 100_000

# Where a passage stands is for people and programs; an embedding or a prompt gains nothing by it.
_NOT_FOR_MODELS = ["file_path", "start_char_idx", "end_char_idx", "cited_text"]


def as_retriever(
    searched: Assistant | Index, *, similarity_top_k: int = DEFAULT_K
) -> "QuothRetriever":
    """The index, or the assistant's, as a LlamaIndex retriever of that many passages."""
    index = searched.index if isinstance(searched, Assistant) else searched
    return QuothRetriever(index, similarity_top_k=similarity_top_k)


def as_query_engine(
    assistant: Assistant, *, similarity_top_k: int = DEFAULT_K
) -> "QuothQueryEngine":
    """The assistant as a LlamaIndex query engine that reads that many passages."""
    return QuothQueryEngine(assistant, similarity_top_k=similarity_top_k)


def as_chat_engine(assistant: Assistant, *, similarity_top_k: int = DEFAULT_K) -> "QuothChatEngine":
    """The assistant as a LlamaIndex chat engine that reads that many passages for each message."""
    return QuothChatEngine(assistant, similarity_top_k=similarity_top_k)


def insert(index: Index, document: LlamaDocument) -> None:
    """Add a document of any LlamaIndex reader, in place of one of the same id.

    Its text is normalised, and offsets count in `index.document(document.id_).text`. It is called
    by its `file_name`, else its `title`, else its id; a `page_label` that is a number is kept.

    Raises:
        IndexBusy: Another process is writing the index.
    """
    index.insert(_document(document))


def refresh_ref_docs(index: Index, documents: Sequence[LlamaDocument]) -> list[bool]:
    """Add the documents that are new and replace those that differ.

    Returns:
        Entry i says whether `documents[i]` was written.

    Raises:
        IndexBusy: Another process is writing the index.
    """
    written = []
    for document in map(_document, documents):
        differs = index.document(document.id) != document
        if differs:
            index.insert(document)
        written.append(differs)
    return written


def delete_ref_doc(index: Index, ref_doc_id: str) -> bool:
    """Take a document out of the index; False when there is none of that id.

    Raises:
        IndexBusy: Another process is writing the index.
    """
    return index.remove(ref_doc_id)


class QuothRetriever(BaseRetriever):
    """Passages of an index as nodes, best first, each with its place in its document."""

    def __init__(self, index: Index, *, similarity_top_k: int = DEFAULT_K) -> None:
        super().__init__()
        self._index = index
        self._k = similarity_top_k

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        hits = self._index.search(query_bundle.query_str, k=self._k)
        return [
            NodeWithScore(
                node=_node(self._index, hit.passage, title=hit.document_title), score=hit.score
            )
            for hit in hits
        ]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)


class QuothQueryEngine(BaseQueryEngine):
    """Answers in the documents' own words, as LlamaIndex responses.

    `str(response)` is the answer, or a sentence that says that there is none; which of the two is
    said by `response.metadata["answered"]`, beside `confidence`, `reason`, `understood_as`,
    `missing_words` and, for a refusal, the `nearest` passages. The source nodes are what is cited
    and nothing else: none for a refusal. A node's text is the passage and its `start_char_idx` and
    `end_char_idx` are the passage's; those of its metadata are the place of `cited_text`.
    """

    def __init__(self, assistant: Assistant, *, similarity_top_k: int = DEFAULT_K) -> None:
        super().__init__(callback_manager=None)
        self._assistant = assistant
        self._k = similarity_top_k

    def retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        """The passages that would be read for a question."""
        return as_retriever(self._assistant, similarity_top_k=self._k).retrieve(query_bundle)

    def _query(self, query_bundle: QueryBundle) -> Response:
        answer = self._assistant.ask(query_bundle.query_str, k=self._k)
        return Response(str(answer), _sources(self._assistant.index, answer), _metadata(answer))

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        return await asyncio.to_thread(self._query, query_bundle)

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}


class QuothChatEngine(BaseChatEngine):
    """A conversation with the documents; it remembers its turns until `reset`.

    A `chat_history` that is passed in takes the place of what it remembers. Only its questions
    count: those that were not asked here are asked again, for no answer stands without its source.
    """

    def __init__(self, assistant: Assistant, *, similarity_top_k: int = DEFAULT_K) -> None:
        self._assistant = assistant
        self._k = similarity_top_k
        self._turns: list[Turn] = []

    @property
    def chat_history(self) -> list[ChatMessage]:
        """Question and answer of each turn, oldest first."""
        return [
            ChatMessage(content=content, role=role)
            for turn in self._turns
            for role, content in (
                (MessageRole.USER, turn.question),
                (MessageRole.ASSISTANT, str(turn.answer)),
            )
        ]

    def reset(self) -> None:
        """Forget all turns."""
        self._turns = []

    def chat(
        self, message: str, chat_history: list[ChatMessage] | None = None
    ) -> AgentChatResponse:
        """The answer to a message, in the light of the turns before it.

        Raises:
            ValueError: The message is empty or too long.
        """
        answer = self._answer(message, chat_history)
        sources = _sources(self._assistant.index, answer)
        return AgentChatResponse(
            response=str(answer), source_nodes=sources, metadata=_metadata(answer)
        )

    async def achat(
        self, message: str, chat_history: list[ChatMessage] | None = None
    ) -> AgentChatResponse:
        """As `chat`."""
        return await asyncio.to_thread(self.chat, message, chat_history)

    def stream_chat(
        self, message: str, chat_history: list[ChatMessage] | None = None
    ) -> StreamingAgentChatResponse:
        """As `chat`; the answer comes in one piece, since it is quoted and not composed."""
        answer = self._answer(message, chat_history)
        return StreamingAgentChatResponse(
            response=str(answer),
            chat_stream=_stream(str(answer)),
            achat_stream=_astream(str(answer)),
            source_nodes=_sources(self._assistant.index, answer),
            is_writing_to_memory=False,
        )

    async def astream_chat(
        self, message: str, chat_history: list[ChatMessage] | None = None
    ) -> StreamingAgentChatResponse:
        """As `stream_chat`."""
        return await asyncio.to_thread(self.stream_chat, message, chat_history)

    def _answer(self, message: str, chat_history: Sequence[ChatMessage] | None) -> Answer:
        turns = self._turns if chat_history is None else self._asked_again(chat_history)
        answer = self._assistant.ask(message, history=turns, k=self._k)
        self._turns = [*turns, Turn(message, answer)]
        return answer

    def _asked_again(self, chat_history: Sequence[ChatMessage]) -> list[Turn]:
        """Turns for the questions of a history; those remembered are not asked again."""
        asked = [each.content or "" for each in chat_history if each.role == MessageRole.USER]
        questions = [each for each in asked if each.strip()]
        turns: list[Turn] = []
        for question, known in zip(questions, self._turns, strict=False):
            if question != known.question:
                break
            turns.append(known)
        for question in questions[len(turns) :]:
            with suppress(ValueError):  # one that is too long to be read leaves no turn
                answer = self._assistant.ask(question, history=turns, k=self._k)
                turns.append(Turn(question, answer))
        return turns


def _document(document: LlamaDocument) -> Document:
    """A LlamaIndex document as the index holds it."""
    text = normalise(document.text)
    label = str(document.metadata.get("page_label", ""))
    n_pages = int(label) if label.isdecimal() and 0 < int(label) <= MAX_PAGES else 0
    return Document(
        id=document.id_,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        title=str(
            document.metadata.get("file_name") or document.metadata.get("title") or document.id_
        ),
        text=text,
        page_starts=(0,) * n_pages,  # the text is the last page, those before it are elsewhere
    )


def _sources(index: Index, answer: Answer) -> list[NodeWithScore]:
    """A node for each citation, best first."""
    scores = {hit.passage.id: hit.score for hit in answer.hits}
    sources = []
    for citation in answer.citations:
        node = _node(index, citation.passage, title=citation.document_title)
        node.metadata |= {
            "start_char_idx": citation.start,
            "end_char_idx": citation.end,
            "cited_text": citation.quote,
        }
        if citation.page is not None:
            node.metadata["page_label"] = str(citation.page)
        sources.append(NodeWithScore(node=node, score=scores.get(citation.passage.id)))
    return sources


def _node(index: Index, passage: Passage, *, title: str) -> TextNode:
    """A passage as a node, with the metadata that LlamaIndex's own readers give."""
    name = PurePath(passage.document_id).name
    is_file_name = PurePath(name).suffix.lower() in SUFFIXES
    metadata: dict[str, Any] = {"file_name": name if is_file_name else title}
    if path := _file(index, passage.document_id):
        metadata["file_path"] = str(path)
    if passage.page is not None:
        metadata["page_label"] = str(passage.page)
    metadata |= {"start_char_idx": passage.start, "end_char_idx": passage.end}
    return TextNode(
        id_=f"{passage.document_id}#{passage.start}-{passage.end}",
        text=passage.text,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        metadata=metadata,
        excluded_embed_metadata_keys=_NOT_FOR_MODELS,
        excluded_llm_metadata_keys=_NOT_FOR_MODELS,
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=passage.document_id)},
    )


def _file(index: Index, document_id: str) -> Path | None:
    """The file of a document; None when it has none, as many an inserted one."""
    path = Path(index.documents or "", document_id)
    try:
        return path if path.is_absolute() and path.is_file() else None
    except OSError:  # an id that is too long for a file name
        return None


def _metadata(answer: Answer) -> dict[str, Any]:
    """What a response says of its answer beside the text."""
    kept = {
        key: value
        for key, value in answer.to_dict().items()
        if key in ("confidence", "reason", "understood_as", "missing_words")
    }
    kept["guess"] = [citation.to_dict() for citation in answer.guess]
    nearest = [] if answer.citations else [hit.to_dict() for hit in answer.hits]
    return {"answered": answer.text is not None, **kept, "nearest": nearest}


def _stream(text: str) -> Generator[ChatResponse, None, None]:
    message = ChatMessage(content=text, role=MessageRole.ASSISTANT)
    yield ChatResponse(message=message, delta=text)


async def _astream(text: str) -> AsyncGenerator[ChatResponse, None]:
    for response in _stream(text):
        yield response
