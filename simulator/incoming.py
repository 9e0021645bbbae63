"""Requests as the services read them."""

from typing import IO, Any

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.utils import cached_property


class Incoming(Request):
    """A request that is closed with all its uploads, also with those of a body that ends too early: its parser raises
    in the middle of a file, and lets go of it open."""

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """The query; most reads have none, and nothing is looked for then."""
        return super().args if self.query_string else ImmutableMultiDict()

    def get_data(self, *args: Any, **kwargs: Any) -> Any:
        """The body, without a look into the stream where none was announced, as with nearly every read."""
        if self.method in ("GET", "HEAD") and not self._announces_body():
            self.__dict__.setdefault("_cached_data", b"")
        return super().get_data(*args, **kwargs)

    def _announces_body(self) -> bool:
        length: str = self.environ.get("CONTENT_LENGTH", "")
        return length not in ("", "0") or "HTTP_TRANSFER_ENCODING" in self.environ

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        stream = super()._get_file_stream(total_content_length, content_type, filename, content_length)
        self.__dict__.setdefault("_opened", []).append(stream)
        return stream

    def close(self) -> None:
        super().close()
        for stream in self.__dict__.get("_opened", ()):
            stream.close()
