"""Starts `glassbroker serve` on free loopback ports for the tests of this folder, and stops it."""

import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("GLASSBROKER", ROOT / "target" / "debug" / "glassbroker"))


class Serve:
    """A running broker; `mqtt` and `ws` are its ports."""

    def __init__(self, *options):
        self.log = tempfile.NamedTemporaryFile("w+", suffix=".log")
        self.process = subprocess.Popen(
            [BINARY, "serve", "--mqtt", "127.0.0.1:0", "--ws", "127.0.0.1:0", *options],
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        self.mqtt, self.ws = self._ports()

    def _ports(self):
        until = time.monotonic() + 10
        while time.monotonic() < until and self.process.poll() is None:
            text = pathlib.Path(self.log.name).read_text()
            ports = re.findall(r"127\.0\.0\.1:(\d+)", text)
            if len(ports) >= 2:
                return int(ports[0]), int(ports[1])
            time.sleep(0.02)
        self.process.kill()
        raise RuntimeError("glassbroker serve did not start: " + pathlib.Path(self.log.name).read_text())

    def stop(self):
        """Asks it to stop as a service manager does; gives its exit status."""
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=10)
        self.log.close()
        return status
