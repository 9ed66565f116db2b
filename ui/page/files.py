"""What the page sends beside HTML, documents' files and pictures, and what its HTML may load."""

from collections.abc import Callable
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.errors import AppError
from ui.desk import Desk
from ui.originals import FILE_PATH, file_headers
from ui.sheet import PICTURE_PATH

# A page of another host may not bring a browser to fetch documents; an old browser says nothing.
_OWN = {"", "none", "same-origin"}
_PICTURE_HEADERS = {
    "Content-Type": "image/png",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, max-age=86400, immutable",  # its address names what it shows
}

# Should text of a document ever be taken for HTML: a browser asks no other host for anything, and
# sends nothing there. Gradio needs its own scripts inline.
_POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)


class Policed:
    """The page's app, whose HTML says what a browser may load for it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"] = [*message.get("headers", ())]
                if any(n == b"content-type" and v.startswith(b"text/html") for n, v in headers):
                    headers.append((b"content-security-policy", _POLICY.encode()))
            await send(message)

        await self._app(scope, receive, told)


def routes(desk: Desk) -> list[Route]:
    """The addresses below that of the page, for documents of the index alone."""

    def file(said: dict[str, str]) -> Response:
        content = desk.originals.content(said["id"])
        return Response(content, headers=file_headers(said["id"], content))

    def picture(said: dict[str, str]) -> Response:
        document = desk.assistant.index.document(said["id"])
        if document is None or document.digest != said["digest"]:
            raise KeyError(said["id"])
        page = desk.originals.page(document, int(said["page"]))
        return Response(page.picture, headers=_PICTURE_HEADERS)

    return [
        Route(f"/{FILE_PATH}", _guarded(file), methods=["GET"]),
        Route(f"/{PICTURE_PATH}", _guarded(picture), methods=["GET"]),
    ]


def _guarded(give: Callable[[dict[str, str]], Response]) -> Callable[[Request], Response]:
    """Gives what is asked for by this page; whatever is amiss is not there."""

    def answer(request: Request) -> Response:
        if request.headers.get("sec-fetch-site", "") not in _OWN:
            return Response(status_code=403)
        said = parse_qs(request.url.query, errors="surrogatepass")
        try:
            return give({name: values[0] for name, values in said.items()})
        except (AppError, KeyError, ValueError):
            return Response(status_code=404)

    return answer
