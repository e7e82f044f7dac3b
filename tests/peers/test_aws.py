"""Paho against `glassbroker serve --profile aws-iot-core`: what sets AWS IoT Core apart, over TCP and WebSocket, in wall time.

The service's own time is the wall's here, so each test says only what holds however slow the machine is: a rate is never exceeded,
an order never broken, and what must not come has not come once something later has.
"""

import itertools
import json
import pathlib
import tempfile
import time
import unittest

import paho.mqtt.client as mqtt

from paho_client import WAIT_S, Client
from serve import Serve

V3, V5 = mqtt.MQTTv311, mqtt.MQTTv5
RULES = {"hot": {"sql": "SELECT t, topic() AS at FROM 'plant/+/heat' WHERE t > 30", "actions": [{"republish": {"topic": "alarms/${t}"}}]}}
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "iot:Connect", "Resource": "*"},
        {"Effect": "Allow", "Action": ["iot:Publish", "iot:Receive"], "Resource": "arn:aws:iot:*:*:topic/own/${iot:ClientId}/*"},
        {"Effect": "Allow", "Action": "iot:Subscribe", "Resource": "arn:aws:iot:*:*:topicfilter/own/*"},
    ],
}
numbers = itertools.count()


class Aws(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        rules = pathlib.Path(cls.folder.name) / "rules.json"
        rules.write_text(json.dumps(RULES))
        cls.serve = Serve("--profile", "aws-iot-core", "--rules", str(rules))

    @classmethod
    def tearDownClass(cls):
        assert cls.serve.stop() == 0
        cls.folder.cleanup()

    def client(self, version=V3, transport="tcp", **options):
        """A client of its own name, for a name may connect once a second."""
        options.setdefault("client_id", f"device-{next(numbers)}")
        client = Client(self.serve, transport, version, **options)
        self.addCleanup(client.disconnect)
        return client

    def each(self):
        for transport in ("tcp", "ws"):
            for version in (V3, V5):
                with self.subTest(transport=transport, version=version):
                    yield transport, version

    def test_a_filter_with_hash_leaves_its_parent_out(self):
        """[T5] [aws.topic.hash-parent]"""
        for transport, version in self.each():
            client = self.client(version, transport)
            client.subscribe("sensor/#", 1)
            for topic in ("sensor", "sensor/", "sensor/temperature"):
                client.publish(topic, topic, qos=1)
            self.assertEqual([client.next().topic for _ in range(2)], ["sensor/", "sensor/temperature"])

    def test_stored_messages_come_at_ten_a_second_beside_live_ones(self):
        """[S3] [aws.session.replay-rate]"""
        keeper = self.client(V5, client_id="keeper", clean=False, expiry_s=600)
        keeper.subscribe("stored/#", 1)
        keeper.client.disconnect()
        writer = self.client()
        for n in range(25):
            writer.publish(f"stored/{n}", str(n), qos=1)
        # A client identifier connects once a second.
        time.sleep(1.1)
        keeper = self.client(V5, "ws", client_id="keeper", clean=False, expiry_s=600)
        self.assertTrue(keeper.session_present)
        writer.publish("stored/live", "live", qos=1)
        came = [(time.monotonic(), keeper.next().payload.decode()) for _ in range(26)]
        stored = [(at, text) for at, text in came if text != "live"]
        self.assertEqual([text for _, text in stored], [str(n) for n in range(25)])
        # Ten at once, fifteen more in a second and a half. They may be seen late, hence closer together than they left.
        self.assertGreater(stored[-1][0] - stored[0][0], 1.2)
        self.assertLess([text for _, text in came].index("live"), 25, "what is live need not wait for what is stored")

    def test_retained_messages_come_where_the_filter_is_their_topic(self):
        """[R2] [aws.retained.exact]"""
        for transport, version in self.each():
            client = self.client(version, transport)
            topic = f"kept/{transport}/{version}"
            client.publish(topic, "kept", qos=1, retain=True)
            client.subscribe(f"kept/{transport}/+", 1)
            client.publish(topic, "live", qos=1)
            message = client.next()
            self.assertEqual((message.payload, message.retain), (b"live", False))
            client.subscribe(topic, 1)
            message = client.next()
            self.assertEqual((message.payload, message.retain), (b"kept", True))

    def test_the_account_tells_who_comes_and_goes(self):
        """[O1] [aws.lifecycle.events]"""
        watcher = self.client()
        watcher.subscribe("$aws/events/presence/+/visitor", 1)
        visitor = Client(self.serve, "tcp", V5, client_id="visitor")
        came = json.loads(watcher.next().payload)
        self.assertEqual((came["clientId"], came["eventType"]), ("visitor", "connected"))
        self.assertLess(abs(came["timestamp"] / 1000 - time.time()), 60, "the time is the calendar's")
        visitor.disconnect()
        gone = json.loads(watcher.next().payload)
        self.assertEqual((gone["eventType"], gone["disconnectReason"]), ("disconnected", "CLIENT_INITIATED_DISCONNECT"))
        self.assertEqual(gone["versionNumber"], came["versionNumber"])

    def test_a_shadow_takes_an_update_and_says_what_differs(self):
        """[O6] [aws.shadow.update]"""
        device = self.client()
        shadow = "$aws/things/lamp/shadow/update"
        device.subscribe(f"{shadow}/accepted", 1)
        device.subscribe(f"{shadow}/delta", 1)
        device.publish(shadow, json.dumps({"state": {"desired": {"on": True}, "reported": {"on": False}}}), qos=1)
        answers = {message.topic: json.loads(message.payload) for message in (device.next(), device.next())}
        self.assertEqual(answers[f"{shadow}/delta"]["state"], {"on": True})
        self.assertEqual(answers[f"{shadow}/accepted"]["version"], 1)

    def test_a_rule_picks_from_messages_and_publishes_again(self):
        """[O7] [aws.rule.republish] [aws.ingest.topic]"""
        reader = self.client()
        reader.subscribe("alarms/#", 1)
        writer = self.client(V5, "ws")
        for topic, t in (("plant/7/heat", 20), ("plant/7/heat", 40), ("$aws/rules/hot/plant/8/heat", 50)):
            writer.publish(topic, json.dumps({"t": t, "more": 1}), qos=1)
        came = [(message.topic, json.loads(message.payload)) for message in (reader.next(), reader.next())]
        self.assertEqual(came, [("alarms/40", {"t": 40, "at": "plant/7/heat"}), ("alarms/50", {"t": 50, "at": "plant/8/heat"})])

    def test_qos_2_is_not_for_this_service(self):
        """[Q3] [aws.qos.max] [aws.qos.publish]"""
        five = self.client(V5)
        five.client.reconnect_delay_set(60, 60)
        # Paho does not look at the Maximum QoS of CONNACK.
        five.client.publish("q5", "2", qos=2)
        self.assertEqual(five.disconnected.get(timeout=WAIT_S).value, 0x9B)
        three = self.client()
        three.subscribe("q3", 1)
        unanswered = three.client.publish("q3", "2", qos=2)
        three.publish("q3", "1", qos=1)
        self.assertEqual(three.next().payload, b"1", "the other was left out")
        self.assertFalse(unanswered.is_published())

    def test_more_than_a_connection_may_publish_is_left_out(self):
        """[O2] [aws.quota.publish-in]"""
        writer = self.client()
        reader = self.client()
        reader.subscribe("flood", 0)
        for n in range(1500):
            writer.client.publish("flood", str(n), qos=0)
        # SUBACK says that what was sent before it has been dealt with.
        writer.subscribe("flood/end", 0)
        reader.subscribe("flood/end", 0)
        seen = []
        while not reader.messages.empty():
            seen.append(int(reader.next().payload))
        self.assertEqual(seen[:100], list(range(100)))
        self.assertLess(len(seen), 1500)

    def test_a_will_is_for_a_lost_connection_and_not_for_a_close_frame(self):
        """[W1] [aws.will.websocket-close]"""
        for version in (V3, V5):
            watcher = self.client(version)
            watcher.subscribe("wills/#", 1)
            closed = self.client(version, "ws", will=(f"wills/{version}/closed", "gone", 1, False))
            closed.close_frame()
            lost = self.client(version, "ws", will=(f"wills/{version}/lost", "gone", 1, False))
            lost.cut()
            self.assertEqual(watcher.next().topic, f"wills/{version}/lost")

    def test_members_of_a_shared_subscription_divide_the_messages_in_both_versions(self):
        """[H1] [aws.shared.both-versions]"""
        members = [self.client(V3), self.client(V5)]
        for member in members:
            member.subscribe("$share/group/jobs", 1)
        writer = self.client()
        for n in range(40):
            writer.publish("jobs", str(n), qos=1)
        until = time.monotonic() + WAIT_S
        while sum(member.messages.qsize() for member in members) < 40 and time.monotonic() < until:
            time.sleep(0.01)
        shares = [[int(member.next().payload) for _ in range(member.messages.qsize())] for member in members]
        self.assertEqual(sorted(shares[0] + shares[1]), list(range(40)))
        self.assertTrue(all(shares), "a random member gets each")


class Policies(unittest.TestCase):
    def test_a_policy_decides_and_a_denial_is_told(self):
        """[P1] [aws.policy.publish-denied-v5] [aws.policy.publish-denied-v3]"""
        with tempfile.TemporaryDirectory() as folder:
            policies = pathlib.Path(folder) / "policies.json"
            policies.write_text(json.dumps({"policies": {"own": POLICY}, "clients": {"lamp": "own", "door": "own"}}))
            serve = Serve("--profile", "aws-iot-core", "--policies", str(policies))
            lamp = Client(serve, "tcp", V5, client_id="lamp")
            self.assertEqual(lamp.subscribe("own/#", 1), [1])
            self.assertEqual(lamp.subscribe("others/#", 1), [0x87])
            codes = []
            lamp.client.on_publish = lambda c, u, mid, code, props: codes.append(code.value)
            for topic in ("own/lamp/state", "own/door/state"):
                lamp.publish(topic, topic, qos=1)
            self.assertEqual(lamp.next().topic, "own/lamp/state")
            self.assertEqual(codes, [0, 0x87])
            lamp.disconnect()
            door = Client(serve, "ws", V3, client_id="door")
            door.client.reconnect_delay_set(60, 60)
            door.client.publish("own/lamp/state", "x", qos=1)
            door.disconnected.get(timeout=WAIT_S)
            door.client.loop_stop()
            self.assertEqual(serve.stop(), 0)


if __name__ == "__main__":
    unittest.main()
