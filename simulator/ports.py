"""Whether a port can be had, asked before anything is started so that the answer is one plain line."""

import errno
import random
import socket


def problem(host: str, port: int) -> str | None:
    """Why a port cannot be used, in one line, or nothing.

    Asked before binding because a server's own socket may share its port with whoever else is willing to.
    """
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OverflowError:
        return f"A port is a number from 1 to 65535, not {port}."
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return _taken(port)
        return f"Port {port} on {host} cannot be used: {error.strerror}."
    # Some systems let a second program bind one address of a port that a first one holds on all addresses.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(0.2)
        return _taken(port) if probe.connect_ex(("127.0.0.1", port)) == 0 else None


def _taken(port: int) -> str:
    return f"Port {port} is taken by another program; choose another with --port."


def free(count: int) -> int:
    """The first of so many free ports in a row.

    Below 32768 because the systems take the ports of outgoing calls from above, and at a random place so
    that simulators started at the same moment seldom try the same ports.
    """
    for _ in range(200):
        first = random.randrange(20_000, 32_000 - count)
        if not any(problem("127.0.0.1", first + place) for place in range(count)):
            return first
    raise OSError(f"No {count} free ports in a row were found.")
