"""What a client of a scenario does, as code: it is run against `glassbroker serve`, which must see the packets of the scenario's run."""

import json
import os
import pathlib
import py_compile
import shutil
import subprocess
import sys
import tempfile
import unittest

from serve import BINARY, ROOT, Serve

SPEED = "4"
# Two seconds, with a message that is text, one that is bytes, one of QoS 2 and three that count.
STEPS = [
    {"at": "1s", "client": "lamp", "do": "connect"},
    {"at": "1.5s", "client": "lamp", "do": "subscribe", "filters": [{"filter": "plant/+", "qos": 1}, {"filter": "other/#"}]},
    {"at": "2s", "client": "lamp", "do": "publish", "topic": "plant/1", "payload": "it's \"hot\"\n$(x)`y`\\", "qos": 1},
    {"at": "2.4s", "client": "lamp", "do": "publish", "topic": "é漢/1", "payload": {"hex": "00ff10"}, "qos": 2, "retain": True},
    {"at": "2.8s", "client": "lamp", "do": "publish", "every": "200ms", "times": 3, "topic": "count/{{n}}", "payload": "{{n 10 5}}"},
    {"at": "3.8s", "client": "lamp", "do": "unsubscribe", "filters": ["other/#"]},
    {"at": "4.2s", "client": "lamp", "do": "disconnect"},
]
WILL = {"topic": "lamps/1", "payload": "gone", "qos": 1, "retain": True}
CONNECT_5 = {
    "clean_start": False,
    "session_expiry_s": 60,
    "keep_alive_s": 30,
    "receive_maximum": 10,
    "user_properties": [["a", "1"], ["a", "2"], ["__proto__", "x"]],
    "will": {**WILL, "delay_s": 5, "content_type": "text/plain"},
}
PROPERTIES = {"payload_is_text": True, "expiry_s": 60, "content_type": "x", "response_topic": "y", "user_properties": [["it's", "\"q\""]]}
# The SDK hands on aws-crt, which is what speaks MQTT. Its builder asks for a certificate, which `serve` does not want.
SDK = """
const { mqtt5 } = require("aws-crt");
class Builder {
  withConnectProperties(connectProperties) {
    return Object.assign(this, { connectProperties });
  }
  withSessionBehavior(sessionBehavior) {
    return Object.assign(this, { sessionBehavior });
  }
  build() {
    return { hostName: process.env.HOST, port: Number(process.env.PORT), ...this };
  }
}
exports.mqtt5 = mqtt5;
exports.iot = { AwsIotMqtt5ClientConfigBuilder: { newDirectMqttBuilderWithMtlsFromPath: () => new Builder() } };
"""
# What differs from one run to another, or is the library's choice.
OTHER = ("seq", "t", "cause", "rule", "conn", "client", "kind", "by", "id", "message", "offset", "bytes", "dup")


def scenario(version):
    steps = json.loads(json.dumps(STEPS))
    connect = {"keep_alive_s": 30, "will": WILL}
    if version == "5":
        connect = CONNECT_5
        steps[2].update(PROPERTIES)
        steps[2]["correlation_data"] = {"hex": "00ff"}
        steps[1]["identifier"] = 7
    return {"glassbroker": 1, "title": "Code", "clients": [{"id": "lamp", "mqtt": version, "connect": connect}], "steps": steps}


def received(lines):
    """What the broker received, told without times, causes and packet identifiers; acknowledgements and pings are left out."""
    events = [json.loads(line) for line in lines]
    packets = [event for event in events if event.get("kind") == "packet.received" and event.get("by") == "broker"]
    asked = ("CONNECT", "SUBSCRIBE", "UNSUBSCRIBE", "PUBLISH", "DISCONNECT")
    return [{key: value for key, value in packet.items() if key not in OTHER} for packet in packets if packet["packet"] in asked]


class Code(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        # Node looks for modules beside what it runs.
        self.folder = tempfile.TemporaryDirectory(dir=ROOT / "tests")
        self.addCleanup(self.folder.cleanup)

    def written(self, given, language, client="lamp"):
        folder = pathlib.Path(self.folder.name)
        (folder / "scenario.json").write_text(json.dumps(given))
        ending = {"mqttjs": "mjs", "aws-js": "mjs", "mosquitto": "sh"}.get(language, "py")
        command = [BINARY, "code", folder / "scenario.json", "--client", client, "--language", language]
        code = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        file = folder / f"in_{language}.{ending}"
        file.write_text(code)
        return file

    def of_the_run(self):
        command = [BINARY, "run", pathlib.Path(self.folder.name) / "scenario.json"]
        return received(subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines())

    def played(self, command):
        """What `serve` receives while a program runs that knows it by its environment."""
        trace = pathlib.Path(self.folder.name) / "trace.jsonl"
        serve = Serve("--trace", str(trace))
        broker = {"BROKER": f"mqtt://127.0.0.1:{serve.mqtt}", "HOST": "127.0.0.1", "PORT": str(serve.mqtt), "SPEED": SPEED}
        try:
            done = subprocess.run(command, env={**os.environ, **broker}, capture_output=True, text=True, timeout=60)
        finally:
            stopped = serve.stop()
        self.assertEqual((done.returncode, stopped), (0, 0), done.stderr)
        return received(trace.read_text().splitlines()), done

    def test_mqtt_js_sends_the_packets_of_the_run(self):
        for version in ("3.1.1", "5"):
            with self.subTest(version=version):
                file = self.written(scenario(version), "mqttjs")
                packets, done = self.played(["node", str(file)])
                self.assertEqual(packets, self.of_the_run(), done.stderr)

    def test_paho_sends_the_packets_of_the_run(self):
        for version in ("3.1.1", "5"):
            with self.subTest(version=version):
                file = self.written(scenario(version), "paho")
                packets, done = self.played([sys.executable, str(file)])
                self.assertEqual(packets, self.of_the_run(), done.stderr)

    def test_the_aws_sdk_for_javascript_sends_the_packets_of_the_run(self):
        given = scenario("5")
        # In what it says to be text the SDK takes no control characters.
        given["steps"][2]["payload"] = given["steps"][2]["payload"].replace("\n", " ")
        file = self.written(given, "aws-js")
        sdk = pathlib.Path(self.folder.name) / "node_modules" / "aws-iot-device-sdk-v2"
        sdk.mkdir(parents=True)
        (sdk / "index.js").write_text(SDK)
        packets, done = self.played(["node", str(file)])
        expected = self.of_the_run()
        for packet in expected:
            if packet["packet"] == "PUBLISH":
                packet["qos"] = min(packet["qos"], 1)
        self.assertEqual(packets, expected, done.stderr)

    @unittest.skipUnless(shutil.which("mosquitto_pub"), "no mosquitto_pub")
    def test_mosquitto_pub_publishes_what_the_run_does(self):
        for version in ("3.1.1", "5"):
            with self.subTest(version=version):
                file = self.written(scenario(version), "mosquitto")
                packets, _ = self.played(["sh", str(file)])
                facts = ("topic", "qos", "retain", "payload", "payload_hex", "payload_bytes")

                def published(packets):
                    told = [packet for packet in packets if packet["packet"] == "PUBLISH"]
                    # Of the places only {{n}} is filled.
                    return [{key: packet.get(key) for key in facts} for packet in told if not packet["topic"].startswith("count/")]

                self.assertEqual(published(packets), published(self.of_the_run()))
                self.assertEqual(len(published(packets)), 2)

    def test_all_of_it_can_be_read_however_hostile_the_texts(self):
        texts = ["lamp", "\"\n'; x #", "'''\"\"\"\\", "\u2028//\u202e*/${x}`x`"]
        for text in texts:
            for version in ("3.1.1", "5"):
                given = scenario(version)
                given["title"] = text
                given["clients"][0].update(id=text, username=text, password=text)
                for step in given["steps"]:
                    step["client"] = text
                    if step["do"] == "publish":
                        step["payload"] = text
                full = json.loads((ROOT / "tests" / "scenario" / "full.json").read_text())
                cases = [(given, text)] + [(full, name) for name in ("lamp", "sensor", "robot")]
                for document, client in cases:
                    with self.subTest(text=text, version=version, client=client):
                        for language in ("paho", "aws"):
                            py_compile.compile(str(self.written(document, language, client)), doraise=True)
                        subprocess.run(["sh", "-n", self.written(document, "mosquitto", client)], check=True)
                        for language in ("mqttjs", "aws-js"):
                            subprocess.run(["node", "--check", self.written(document, language, client)], check=True)


if __name__ == "__main__":
    unittest.main()
