"""Requests as the services read them."""

from typing import IO

from flask import Request


class Incoming(Request):
    """A request that is closed with all its uploads, also with those of a body that ends too early: its parser raises
    in the middle of a file, and lets go of it open."""

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
