"""Questions: from hits to a cited answer or an honest refusal."""

from index.scope import Scope
from qa.answer import Answer, Citation, Turn
from qa.assistant import Assistant, answer

__all__ = ["Answer", "Assistant", "Citation", "Scope", "Turn", "answer"]
