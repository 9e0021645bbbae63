"""Logs of a service: one line an event on stderr, tracebacks as Python writes them."""

import sys

import structlog


def configure() -> None:
    """Sets up structlog for this process; the launcher puts each service's stderr into a file of its own."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
