"""The launcher, tried with stand-ins that answer the health route and nothing else."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator import ports, running
from simulator.config import SERVICES
from simulator.launcher import LauncherError, Plan, Simulator, stop_running

STAND_IN = """
import http.server, json, os, sys, threading, time
service = sys.argv[1]
parent = os.environ.get("SIMULATOR_LAUNCHER_PID")

class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"service": service, "environment": dict(os.environ)}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

def leave_with_parent():
    while os.getppid() == int(parent):
        time.sleep(0.05)
    os._exit(0)

if parent:
    threading.Thread(target=leave_with_parent, daemon=True).start()
print("serving", service)
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["SIMULATOR_PORT"])), Health).serve_forever()
"""
STARTER = """
import sys
from pathlib import Path
from simulator import launcher
from tests.unit.test_launcher import plan_for
simulator = launcher.Simulator(plan_for(Path(sys.argv[1]), int(sys.argv[2])))
with launcher.stop_on_signals(simulator.stop_asked.set), simulator:
    print("ready", flush=True)
    simulator.watch()
"""
pytestmark = pytest.mark.requirement("X2")
ROOT = Path(__file__).parents[2]


def plan_for(folder: Path, port: int | None = None, **options) -> Plan:
    programs = {service: [sys.executable, "-c", STAND_IN, service] for service in SERVICES}
    programs.update(options.pop("programs", {}))
    return Plan(data=folder, port=port or ports.free(4), programs=programs, **options)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[Simulator]:
    with Simulator(plan_for(tmp_path)) as started:
        yield started


def test_all_services_answer_once_it_has_started_and_none_does_after_it_has_stopped(tmp_path):
    simulator = Simulator(plan_for(tmp_path))

    simulator.start()

    taken = [simulator.plan.port_of(service) for service in SERVICES]
    assert all(answers(port) for port in taken)
    assert running.read(tmp_path).urls["crm"] == f"http://127.0.0.1:{simulator.plan.port + 1}"

    simulator.stop()

    assert not any(answers(port) for port in taken)
    assert running.read(tmp_path) is None
    assert not (tmp_path / running.RUN_FILE).exists()


def test_each_service_gets_the_addresses_of_all_and_its_own_port(tmp_path):
    import urllib.request

    plan = plan_for(tmp_path, addresses={"crm": "http://127.0.0.1:9/proxy"})

    with Simulator(plan), urllib.request.urlopen(plan.urls["invoice"] + "/_sim/health") as answer:
        env = json.load(answer)["environment"]

    assert env["CRM_URL"] == "http://127.0.0.1:9/proxy"
    assert env["WEB_URL"] == plan.urls["web"]
    assert env["SIMULATOR_PORT"] == str(plan.port + 2)
    assert env["SIMULATOR_DATA"] == str(tmp_path)
    assert env["SIMULATOR_SECRET"] == (tmp_path / "secret").read_text()


def test_the_output_of_a_service_is_in_its_log(simulator):
    assert simulator.log_of("invoice").read_text() == "serving invoice\n"


def test_a_service_left_out_is_not_started(tmp_path):
    plan = plan_for(tmp_path, without=("connector",))

    with Simulator(plan):
        assert not answers(plan.port_of("connector"))
        assert set(running.read(tmp_path).services) == {"web", "crm", "invoice"}


def test_a_taken_port_is_said_before_anything_is_started(tmp_path):
    plan = plan_for(tmp_path)
    with socket.create_server(("127.0.0.1", plan.port_of("invoice"))), pytest.raises(LauncherError) as refusal:
        Simulator(plan).start()

    assert str(refusal.value) == (f"Port {plan.port + 2} is taken by another program; choose another with --port.")
    assert not (tmp_path / "logs").exists()


def test_a_second_simulator_on_the_same_folder_is_refused(simulator, tmp_path):
    with pytest.raises(LauncherError, match=r"runs on .* already; stop it with --stop"):
        Simulator(plan_for(tmp_path)).start()

    assert all(answers(simulator.plan.port_of(service)) for service in SERVICES)


def test_a_service_that_cannot_start_is_shown_with_its_last_words_and_the_others_are_stopped(tmp_path):
    broken = [sys.executable, "-c", "import sys; print('no database'); sys.exit(3)"]
    plan = plan_for(tmp_path, programs={"crm": broken})

    with pytest.raises(LauncherError) as failure:
        Simulator(plan).start()

    assert str(failure.value) == "crm | no database\nThe crm service has ended (exit code 3)."
    assert not any(answers(plan.port_of(service)) for service in SERVICES)
    assert running.read(tmp_path) is None


def test_a_service_that_dies_later_ends_the_watch(simulator):
    os.kill(running.read(simulator.plan.data).services["web"].pid, signal.SIGKILL)

    with pytest.raises(LauncherError, match=r"The web service has ended \(signal SIGKILL\)"):
        simulator.watch()


def test_a_detached_simulator_runs_on_until_it_is_stopped_from_outside(tmp_path):
    simulator = Simulator(plan_for(tmp_path), detached=True)
    simulator.start()
    port = simulator.plan.port

    assert running.read(tmp_path).launcher is None
    assert stop_running(tmp_path) is True
    assert not answers(port)
    assert stop_running(tmp_path) is False
    simulator.stop()


def test_a_process_that_only_has_the_number_of_ours_is_left_alone(tmp_path):
    with subprocess.Popen(["sleep", "30"], start_new_session=True) as stranger:
        record = running.Process(stranger.pid, "at another time")
        running.Run(None, {"crm": record}, {}, "demo0001", "").save(tmp_path)

        assert stop_running(tmp_path) is False
        running.end([record])

        assert stranger.poll() is None
        stranger.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda s: s.name)
def test_a_signal_to_the_launcher_stops_all_services(tmp_path, number):
    port = ports.free(4)
    command = [sys.executable, "-c", STARTER, str(tmp_path), str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as starter:
        assert starter.stdout.readline() == "ready\n"

        starter.send_signal(number)

        assert starter.wait(10) == 0
    assert not any(answers(port + place) for place in range(4))


def test_services_do_not_outlive_a_killed_launcher(tmp_path):
    port = ports.free(4)
    command = [sys.executable, "-c", STARTER, str(tmp_path), str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as starter:
        starter.stdout.readline()
        starter.kill()

    until = time.monotonic() + 5
    while any(answers(port + place) for place in range(4)) and time.monotonic() < until:
        time.sleep(0.02)
    assert not any(answers(port + place) for place in range(4))
    assert running.read(tmp_path) is None


def test_a_service_that_ignores_the_request_to_stop_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr(running, "GRACE_SECONDS", 0.2)
    stubborn = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + STAND_IN
    plan = plan_for(tmp_path, programs={"crm": [sys.executable, "-c", stubborn, "crm"]})

    with Simulator(plan):
        assert answers(plan.port_of("crm"))

    assert not answers(plan.port_of("crm"))


def test_a_reader_that_has_gone_is_no_reason_to_stop_what_was_started():
    reading, writing = os.pipe()
    os.close(reading)

    done = subprocess.run(
        [sys.executable, "-c", "from simulator.up import _say; _say('ready'); _say('still here')"],
        stdout=writing,
        stderr=subprocess.PIPE,
    )
    os.close(writing)

    assert (done.returncode, done.stderr) == (0, b"")
