"""One attempt at a call, and when there is another: the part of `Outbound` that needs requests and tenacity."""

import random
import time
from collections.abc import Callable
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, stop_after_delay

from simulator import http
from simulator.http import Answer, PassingPeerError, PeerError, origin_of


class Attempts:
    """The kept connections of one service; safe to use from several threads."""

    def __init__(self, user_agent: str) -> None:
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["User-Agent"] = user_agent
        pool = HTTPAdapter(pool_connections=16, pool_maxsize=32, max_retries=0)
        self.session.mount("http://", pool)
        self.session.mount("https://", pool)

    def repeated(
        self,
        attempt: Callable[[], Answer],
        may_repeat: Callable[[BaseException], bool],
        most: int,
        sleep: Callable[[float], None],
    ) -> Answer:
        """The first answer of at most so many attempts; the last failure is raised."""
        retrying = Retrying(
            retry=retry_if_exception(may_repeat),
            stop=stop_after_attempt(most) | stop_after_delay(http.TOTAL_SECONDS),
            wait=_wait,
            sleep=sleep,
            reraise=True,
        )
        return retrying(attempt)

    def once(self, method: str, url: str, headers: dict[str, str], params: Any, data: Any, deadline: float) -> Answer:
        left = max(0.1, deadline - time.monotonic())
        try:
            with self.session.get_adapter(url).send(
                self._prepared(method, url, headers, params, data),
                timeout=(min(http.CONNECT_SECONDS, left), min(http.READ_SECONDS, left)),
                stream=True,
            ) as response:
                answer = Answer(response.status_code, response.headers, _read(response, deadline))
        except (requests.ConnectTimeout, requests.exceptions.InvalidURL) as error:
            raise PassingPeerError(f"no connection to {origin_of(url)}", may_have_worked=False) from error
        except requests.ConnectionError as error:
            refused = "refused" in str(error).lower()
            raise PassingPeerError(_lost(url, refused), may_have_worked=not refused) from error
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise PassingPeerError(_lost(url, False), may_have_worked=True) from error
        if answer.status in http.PASSING_STATUSES:
            raise PassingPeerError(
                f"{origin_of(url)} answered HTTP {answer.status}",
                may_have_worked=answer.status not in (425, 429),
                retry_after=_seconds(answer.headers.get("Retry-After")),
            )
        return answer

    def _prepared(
        self, method: str, url: str, headers: dict[str, str], params: Any, data: Any
    ) -> requests.PreparedRequest:
        """The request without what a session would add, which took longer than the rest: our calls have no cookies,
        no proxies, and no passwords from elsewhere."""
        request = requests.PreparedRequest()
        request.prepare_method(method)
        request.prepare_url(url, params)
        request.prepare_headers({**self.session.headers, **headers})
        request.prepare_body(data, None)
        return request


def _wait(state: RetryCallState) -> float:
    """Exponential with full jitter; what the peer asked for wins, up to the cap."""
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, PeerError) and error.retry_after is not None:
        return min(http.WAIT_CAP_SECONDS, error.retry_after)
    return random.uniform(0, min(http.WAIT_CAP_SECONDS, 0.5 * 2 ** (state.attempt_number - 1)))


def _read(response: requests.Response, deadline: float) -> bytes:
    parts, size = [], 0
    # One read of the socket at a time: waiting for a full block would let a dripping peer pass the deadline unseen.
    while part := response.raw.read1(64 * 1024, decode_content=True):
        size += len(part)
        if size > http.LARGEST_BODY or time.monotonic() > deadline:
            raise requests.exceptions.ChunkedEncodingError("the answer is too long or too slow")
        parts.append(part)
    expected = response.headers.get("Content-Length")
    body = b"".join(parts)
    if expected is not None and response.headers.get("Content-Encoding") is None and len(body) < int(expected):
        raise requests.exceptions.ChunkedEncodingError("the answer was cut off")
    return body


def _lost(url: str, refused: bool) -> str:
    return f"nobody answers at {origin_of(url)}" if refused else f"the answer of {origin_of(url)} was lost"


def _seconds(text: str | None) -> float | None:
    try:
        return max(0.0, float(text)) if text else None
    except ValueError:
        return None
