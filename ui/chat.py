"""What `quoth chat` does: the page, served until it is interrupted."""

import os
import sys
import threading
import webbrowser
from argparse import Namespace

from qa.assistant import Assistant
from ui.desk import Desk
from ui.page.app import launch


def serve(arguments: Namespace) -> bool:
    """Serves the chat page until it is interrupted, and says where it is."""
    assistant = Assistant.open(documents=arguments.documents, index=arguments.index)
    with assistant.index:
        writable = may_write(arguments)
        blocks, address = launch(
            Desk(assistant, writable=writable, judging=not arguments.no_judging),
            host=arguments.host,
            port=arguments.port,
        )
        sys.stdout.write(f"Quoth is at {address} (Ctrl-C ends it)\n")
        sys.stdout.flush()
        if arguments.host not in {"127.0.0.1", "localhost", "::1"}:
            can = "read, add and remove documents" if writable else "read the documents"
            sys.stderr.write(f"quoth: whoever reaches {arguments.host} can {can}\n")
        try:
            if not arguments.no_browser:
                _open_browser(address)
            threading.Event().wait()
        finally:
            blocks.close(verbose=False)
    return True


def may_write(arguments: Namespace) -> bool:
    """Whether the page may change the documents: those that ship, and others when it is said."""
    named = arguments.documents is not None or bool(os.environ.get("QUOTH_DOCUMENTS"))
    return bool(arguments.writable) or not named


def _open_browser(address: str) -> None:
    """Opens the page in a browser that has a window; a terminal's browser cannot show it."""
    has_windows = sys.platform in {"darwin", "win32"}
    if has_windows or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        webbrowser.open(address)
