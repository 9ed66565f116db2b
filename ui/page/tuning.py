"""The settings: how sure an answer must be, where it is searched for, what is kept of it."""

import hashlib
from typing import Any

import gradio as gr

from ui import wording
from ui.desk import Desk
from ui.page.judging import Quality
from ui.page.parts import HIDDEN, asset, html
from ui.settings import (
    HIGHEST,
    Settings,
    choices,
    cost_html,
    folder_name,
    folders,
    formats,
    limits_html,
)

_QUICK: dict[str, Any] = {"show_progress": "hidden", **HIDDEN}
_SECRET = "quoth"  # what a browser keeps of settings is none


class Tuning:
    """A panel on the right, closed until it is asked for."""

    def __init__(self, desk: Desk) -> None:
        """Lay it out where it is made."""
        self.desk = desk
        self.settings = gr.BrowserState({}, storage_key=_key(desk), secret=_SECRET)
        self.opener = gr.Button(wording.SETTINGS_BUTTON, elem_id="q-tune-open", size="sm")
        with gr.Sidebar(position="right", open=False, width=400, elem_id="q-tune") as self.sidebar:
            self.closer = gr.Button(wording.SETTINGS_CLOSE, elem_id="q-tune-close", size="sm")
            self._lay_out_sure()
            self._lay_out_where()
            self.judging = gr.Checkbox(
                value=True,
                label=wording.JUDGING_LABEL,
                info=wording.keeping_said(str(desk.judged.path)) if desk.judged else None,
                visible=desk.judged is not None,
                elem_id="q-judging",
            )
            self.reset = gr.Button(wording.RESET_BUTTON, elem_id="q-tune-reset", size="sm")
            self.quality = Quality(desk)
            html("<span hidden></span>", js_on_load=asset("tuning.js"))

    def bind(self, blocks: gr.Blocks, limits: gr.HTML) -> None:
        """Have each change kept by the browser and said at once, also in the line of limits."""
        knobs: list[Any] = [self.sure, self.folders, self.formats, self.judging]
        said = [self.settings, self.cost, limits]
        for knob in knobs:
            knob.input(self.changed, knobs, said, trigger_mode="always_last", **_QUICK)
        shown = [*knobs, self.where, *said[1:]]
        blocks.load(self.shown, self.settings, shown, **_QUICK)
        self.reset.click(self.forgotten, None, self.settings, **_QUICK).then(
            self.shown, self.settings, shown, **_QUICK
        )
        opened = self.opener.click(self.opened, None, self.sidebar, **_QUICK)
        opened.then(self.shown, self.settings, shown, **_QUICK)
        figures = [self.quality.judged, self.quality.speed]
        opened.then(self.quality.measured, None, figures, **_QUICK)
        self.closer.click(self.closed, None, self.sidebar, **_QUICK)

    def opened(self) -> gr.Sidebar:
        """The panel, open."""
        return gr.Sidebar(open=True)

    def closed(self) -> gr.Sidebar:
        """The panel, closed."""
        return gr.Sidebar(open=False)

    def forgotten(self) -> dict[str, Any]:
        """The settings as shipped."""
        return Settings().to_dict()

    def changed(self, *knobs: Any) -> tuple[dict[str, Any], str, str]:
        """Settings, cost and line after a knob was turned."""
        sure, inside, suffixes, judging = knobs
        settings = Settings.from_dict(
            {
                "sure": None if sure == self._calibrated else int(sure),
                "folders": inside,
                "formats": suffixes,
                "judging": judging,
            }
        )
        return settings.to_dict(), *self._said(settings)

    def shown(self, kept: object) -> tuple[Any, ...]:
        """Every knob as it is set, with what the index holds to choose from; cost and line."""
        settings = Settings.from_dict(kept)
        entries = self.desk.assistant.index.listing()
        inside = choices(folders(entries), settings.folders, name=folder_name)
        suffixes = choices(formats(entries), settings.formats, name=str.upper)
        return (
            self._calibrated if settings.sure is None else settings.sure,
            gr.Dropdown(choices=inside, value=list(settings.folders), visible=len(inside) > 1),
            gr.CheckboxGroup(
                choices=suffixes, value=list(settings.formats), visible=len(suffixes) > 1
            ),
            settings.judging,
            gr.Column(visible=len(entries) > 1 or bool(settings.scope)),
            *self._said(settings),
        )

    @property
    def _calibrated(self) -> int:
        return min(round(100 * self.desk.assistant.threshold), HIGHEST)

    def _said(self, settings: Settings) -> tuple[str, str]:
        return cost_html(settings, self.desk.assistant.confidence), limits_html(settings)

    def _lay_out_sure(self) -> None:
        html(f"<h2>{wording.SURE_HEADING}</h2>", elem_classes="q-side-title")
        self.sure = gr.Slider(
            0,
            HIGHEST,
            value=self._calibrated,
            step=1,
            label=wording.SURE_LABEL,
            info=wording.SURE_ABOUT,
            buttons=[],
            elem_id="q-sure",
        )
        self.cost = html("", elem_id="q-cost")

    def _lay_out_where(self) -> None:
        with gr.Column(elem_id="q-where") as self.where:
            html(f"<h2>{wording.WHERE_HEADING}</h2>", elem_classes="q-side-title")
            self.folders = gr.Dropdown(
                [], value=[], multiselect=True, label=wording.FOLDERS_LABEL, elem_id="q-folders"
            )
            self.formats = gr.CheckboxGroup([], label=wording.FORMATS_LABEL, elem_id="q-formats")
            html(f"<p class='q-small'>{wording.WHERE_ABOUT}</p>")


def _key(desk: Desk) -> str:
    """Where a browser keeps the settings: other documents at the same address have others."""
    folder = str(desk.assistant.index.folder).encode(errors="surrogatepass")
    return f"quoth-settings-{hashlib.sha256(folder).hexdigest()[:12]}"
