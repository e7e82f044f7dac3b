"""`mosquitto_pub` and `mosquitto_sub` against `glassbroker serve`."""

import subprocess
import time
import unittest

from serve import Serve


class Mosquitto(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.serve = Serve()

    @classmethod
    def tearDownClass(cls):
        assert cls.serve.stop() == 0

    def pub(self, *options):
        subprocess.run(["mosquitto_pub", "-p", str(self.serve.mqtt), *options], check=True, timeout=10)

    def sub(self, *options):
        """Starts a subscriber that prints each message; waits until the broker has its subscription."""
        process = subprocess.Popen(
            ["stdbuf", "-oL", "mosquitto_sub", "-d", "-p", str(self.serve.mqtt), "-W", "10", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for line in process.stdout:
            if line.startswith("Subscribed"):
                return process
        raise AssertionError("mosquitto_sub ended before it was subscribed")

    def received(self, process):
        """What it printed of messages, without its own protocol lines."""
        out, _ = process.communicate(timeout=15)
        self.assertEqual(process.returncode, 0)
        return [line for line in out.splitlines() if not line.startswith("Client ")]

    def test_publish_and_subscribe_at_every_level(self):
        """[Q1]"""
        for version in ("mqttv311", "mqttv5"):
            for qos in ("0", "1", "2"):
                with self.subTest(version=version, qos=qos):
                    reader = self.sub("-V", version, "-q", qos, "-t", "m/+/status", "-C", "1", "-F", "%t %q %p")
                    self.pub("-V", version, "-q", qos, "-t", "m/1/status", "-m", "on")
                    self.assertEqual(self.received(reader), [f"m/1/status {qos} on"])

    def test_a_retained_message_is_there_for_a_late_subscriber(self):
        """[R1]"""
        self.pub("-r", "-q", "1", "-t", "kept", "-m", "since before")
        out = subprocess.run(
            ["mosquitto_sub", "-p", str(self.serve.mqtt), "-t", "kept", "-C", "1", "-W", "10", "-F", "%r %p"],
            check=True,
            capture_output=True,
            text=True,
        )
        self.assertEqual(out.stdout, "1 since before\n")
        self.pub("-r", "-n", "-t", "kept")

    def test_a_stored_session_returns(self):
        """[S1, S2]"""
        keeper = ["-i", "keeper", "-c", "-q", "1", "-t", "stored"]
        subprocess.run(["mosquitto_sub", "-p", str(self.serve.mqtt), *keeper, "-E", "-W", "10"], check=True)
        for n in range(5):
            self.pub("-q", "1", "-t", "stored", "-m", str(n))
        out = subprocess.run(
            ["mosquitto_sub", "-p", str(self.serve.mqtt), *keeper, "-C", "5", "-W", "10"],
            check=True,
            capture_output=True,
            text=True,
        )
        self.assertEqual(out.stdout.split(), ["0", "1", "2", "3", "4"])

    def test_a_killed_client_leaves_its_will(self):
        """[W1]"""
        watcher = self.sub("-q", "1", "-t", "wills/#", "-C", "1", "-F", "%t %p")
        doomed = self.sub("-t", "x", "--will-topic", "wills/doomed", "--will-payload", "gone", "--will-qos", "1")
        time.sleep(0.1)
        doomed.kill()
        doomed.communicate()
        self.assertEqual(self.received(watcher), ["wills/doomed gone"])


if __name__ == "__main__":
    unittest.main()
