"""The page as a whole, and the server that shows it."""

from typing import Any

import gradio as gr
from gradio.events import api
from starlette.middleware import Middleware

from index.errors import AppError
from ui import wording
from ui.desk import Desk
from ui.page.checking import Checking
from ui.page.files import Policed, routes
from ui.page.judging import Judging
from ui.page.library import Library
from ui.page.parts import asset, html, silent
from ui.page.talk import Talk
from ui.page.talks import Talks
from ui.page.tuning import Tuning
from ui.uploads import MAX_MEGABYTES

SIDES = ("ask", "check", "library", "judge", "talks")
_HEADER = f"<header class='q-header'><h1>{wording.NAME}</h1><p>{wording.SLOGAN}</p></header>"
STYLES = ("page.css", *(f"page-{side}.css" for side in SIDES))


def build(desk: Desk) -> gr.Blocks:
    """The page, ready to be launched or mounted; it opens no port."""
    blocks: gr.Blocks = gr.Blocks(title=wording.NAME, fill_width=True, analytics_enabled=False)
    with blocks:
        html(_HEADER, elem_id="q-header", js_on_load=asset("page.js"))
        tuning = Tuning(desk)
        with gr.Row(elem_id="q-main"):
            with gr.Column(elem_id="q-talks"):
                talks = Talks(desk)
            with gr.Column(elem_id="q-documents"):
                library = Library(desk)
            with gr.Column(elem_id="q-chat"):
                talk = Talk(desk)
                limits = html("", elem_id="q-limits")
                judge = Judging(desk.judged) if desk.judged else None
            with gr.Column(elem_id="q-source"):
                checking = Checking(desk)
        library.bind(blocks, checking)
        talk.bind(library, checking, tuning.settings)
        tuning.bind(blocks, limits)
        if judge:
            judge.bind(talk, tuning.settings)
        checking.bind(library.listed, talk.turns)
        talks.bind(talk, tuning.settings)
        api(_endpoint(desk), api_name="answer")
    return blocks


def _endpoint(desk: Desk) -> Any:
    def answer(question: str) -> dict[str, Any]:
        """Answers a question in the words of the documents, with citations, or says why not."""
        try:
            return desk.ask(question, [], silent).to_dict()
        except (AppError, ValueError) as error:
            raise gr.Error(str(error), print_exception=False) from error

    return answer


def launch(
    desk: Desk,
    *,
    host: str = "127.0.0.1",
    port: int | None = None,
) -> tuple[gr.Blocks, str]:
    """Serves the page and gives it with its address; it runs until it is closed.

    Args:
        desk: What the page does.
        host: The address to bind.
        port: The port to bind; None for the first free one from 7860 on.

    Raises:
        OSError: The port is taken.
    """
    blocks = build(desk)
    try:
        _, address, _ = blocks.launch(
            server_name=host,
            server_port=port,
            theme=_theme(),
            css="\n".join(asset(name) for name in STYLES),
            prevent_thread_lock=True,
            quiet=True,
            share=False,  # said, so that no variable of the environment opens a tunnel
            ssr_mode=False,
            run_history=False,
            enable_monitoring=False,
            footer_links=[],
            app_kwargs={"routes": routes(desk), "middleware": [Middleware(Policed)]},
            max_file_size=MAX_MEGABYTES * 1_000_000,
        )
    except OSError as error:
        raise OSError(wording.no_port(port or 7860, host)) from error
    return blocks, address


def _theme() -> gr.themes.Base:
    sans = ["ui-sans-serif", "system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"]
    mono = ["ui-monospace", "SFMono-Regular", "Consolas", "monospace"]
    return gr.themes.Base(
        primary_hue="stone", secondary_hue="stone", neutral_hue="stone", font=sans, font_mono=mono
    )
