"""Headers for pages that run the model graphs in the browser.

WASM threads need SharedArrayBuffer, and browsers give that only to a cross-origin isolated page: COOP `same-origin`
(set for every page by SecurityMiddleware) with COEP `require-corp`. A worker's script needs COEP as well, so the static
files carry it too.
"""

from collections.abc import Callable, Mapping, MutableMapping
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from csp.constants import SELF, WASM_UNSAFE_EVAL
from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponseBase

P = ParamSpec("P")
ISOLATION: Mapping[str, str] = {
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
}
WASM_POLICY = {
    "script-src": [WASM_UNSAFE_EVAL],
    "worker-src": [SELF, "blob:"],
    "media-src": [SELF, "blob:", "mediastream:"],
}


def cross_origin_isolated(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Decorate a view: isolate its page, let WASM compile, let workers start from blobs, allow its own camera only."""

    @wraps(view)
    def isolated(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        isolate(response)
        response.headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()"
        return response

    # csp_update passes all arguments on, but its type knows only views without any.
    return cast("Callable[Concatenate[HttpRequest, P], HttpResponseBase]", csp_update(WASM_POLICY)(isolated))


def isolate(response: HttpResponseBase) -> None:
    """Mark something that an isolated page may load: a model file, a worker's script."""
    for name, value in ISOLATION.items():
        response.headers[name] = value


def add_isolation_headers(headers: MutableMapping[str, str], _path: str, _url: str) -> None:
    """Do the same for static files; whitenoise calls this for each."""
    for name, value in ISOLATION.items():
        headers[name] = value
