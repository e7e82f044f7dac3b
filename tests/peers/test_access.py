"""Users, access lists and `$SYS`, as Mosquitto's own clients meet them at `glassbroker serve`; and the lists' verdicts beside Mosquitto's."""

import pathlib
import shutil
import socket
import subprocess
import tempfile
import time
import unittest

from serve import Serve

LIST = """\
topic read news/#
topic deny news/secret
user alice
topic plant/#
topic write alarms
topic readwrite two words
pattern write own/%c/#
pattern own/%u/out
pattern deny own/+/locked
"""
# Client identifier, user, topic.
ATTEMPTS = [
    (client, user, topic)
    for client in ("lamp", "a/b")
    for user in (None, "alice", "bob")
    for topic in (
        "news/today",
        "news/secret",
        "plant/1",
        "alarms",
        "two words",
        "own/lamp/x",
        "own/a/b/x",
        "own/alice/out",
        "own/lamp/locked",
        "$SYS/broker/x",
    )
]


def publish(port, client, user, topic):
    """The lines that mosquitto_pub prints of the answer to a PUBLISH at QoS 1."""
    as_user = ["-u", user, "-P", "secret"] if user else []
    command = ["mosquitto_pub", "-d", "-V", "mqttv5", "-q", "1", "-p", str(port), "-i", client, *as_user, "-t", topic, "-m", "x"]
    out = subprocess.run(command, capture_output=True, text=True, timeout=10)
    return "RC:135" in out.stdout + out.stderr, out.stdout + out.stderr


class Access(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        folder = pathlib.Path(cls.folder.name)
        folder.chmod(0o755)
        (folder / "users").write_text("alice:secret\nbob:secret\n")
        (folder / "acl").write_text(LIST)
        cls.serve = Serve("--users", str(folder / "users"), "--anonymous", "--acl", str(folder / "acl"))

    @classmethod
    def tearDownClass(cls):
        assert cls.serve.stop() == 0
        cls.folder.cleanup()

    def test_a_wrong_password_is_refused_in_each_version(self):
        """[C7]"""
        for version, said in (("mqttv311", "bad user name or password"), ("mqttv5", "Bad User Name or Password")):
            command = ["mosquitto_pub", "-V", version, "-p", str(self.serve.mqtt), "-u", "alice", "-P", "no", "-t", "t", "-m", "x"]
            out = subprocess.run(command, capture_output=True, text=True, timeout=10)
            self.assertNotEqual(out.returncode, 0)
            self.assertIn(said.lower(), out.stderr.lower())

    @unittest.skipUnless(shutil.which("mosquitto"), "no mosquitto to compare with")
    def test_a_list_decides_as_mosquitto_does(self):
        """[P3]"""
        folder = pathlib.Path(self.folder.name)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        (folder / "conf").write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\nacl_file {folder}/acl\n")
        mosquitto = subprocess.Popen(["mosquitto", "-c", str(folder / "conf")], stderr=subprocess.DEVNULL)
        try:
            until = time.monotonic() + 10
            while time.monotonic() < until:
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except OSError:
                    time.sleep(0.02)
            for attempt in ATTEMPTS:
                with self.subTest(attempt=attempt):
                    theirs, said = publish(port, *attempt)
                    self.assertIn("PUBACK", said)
                    self.assertEqual(publish(self.serve.mqtt, *attempt)[0], theirs)
        finally:
            mosquitto.kill()
            mosquitto.wait()


class Sys(unittest.TestCase):
    def test_mosquitto_sub_reads_sys(self):
        """[O8]"""
        serve = Serve()
        command = ["mosquitto_sub", "-p", str(serve.mqtt), "-t", "$SYS/broker/clients/#", "-C", "5", "-W", "10", "-v"]
        out = subprocess.run(command, capture_output=True, text=True, check=True)
        told = dict(line.rsplit(" ", 1) for line in out.stdout.splitlines())
        self.assertEqual(told["$SYS/broker/clients/connected"], "1")
        self.assertEqual(serve.stop(), 0)


if __name__ == "__main__":
    unittest.main()
