"""Eclipse Paho's Python client against `glassbroker serve`: TCP and WebSocket, 3.1.1 and 5.0."""

import threading
import unittest

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from paho_client import WAIT_S, Client
from serve import Serve


class Paho(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.serve = Serve()

    @classmethod
    def tearDownClass(cls):
        assert cls.serve.stop() == 0, "serve ends with status 0 on a signal"

    def each(self):
        for transport in ("tcp", "ws"):
            for version in (mqtt.MQTTv311, mqtt.MQTTv5):
                with self.subTest(transport=transport, version=version):
                    yield transport, version

    def test_each_qos_arrives_at_the_lower_level_once(self):
        """[Q1]"""
        for transport, version in self.each():
            reader = Client(self.serve, transport, version)
            writer = Client(self.serve, transport, version)
            topic = f"q1/{transport}/{version}"
            for granted in (0, 1, 2):
                self.assertEqual(reader.subscribe(f"{topic}/{granted}/#", granted), [granted])
                for sent in (0, 1, 2):
                    writer.publish(f"{topic}/{granted}/{sent}", f"{sent}", qos=sent)
                    message = reader.next()
                    self.assertEqual((message.topic, message.payload), (f"{topic}/{granted}/{sent}", f"{sent}".encode()))
                    self.assertEqual(message.qos, min(sent, granted))
                    self.assertFalse(message.retain)
            self.assertTrue(reader.messages.empty())
            reader.disconnect()
            writer.disconnect()

    def test_a_retained_message_waits_and_is_cleared(self):
        """[R1]"""
        for transport, version in self.each():
            topic = f"r1/{transport}/{version}"
            writer = Client(self.serve, transport, version)
            writer.publish(topic, "kept", qos=1, retain=True)
            reader = Client(self.serve, transport, version)
            reader.subscribe(topic, 1)
            message = reader.next()
            self.assertEqual((message.payload, message.retain), (b"kept", True))
            writer.publish(topic, b"", qos=1, retain=True)
            self.assertEqual(reader.next().payload, b"")
            late = Client(self.serve, transport, version)
            late.subscribe(topic, 1)
            writer.publish(topic, "live", qos=1)
            message = late.next()
            self.assertEqual((message.payload, message.retain), (b"live", False))
            for client in (writer, reader, late):
                client.disconnect()

    def test_a_session_is_resumed_with_what_it_missed(self):
        """[S1, S2]"""
        for transport, version in self.each():
            topic, client_id = f"s1/{transport}/{version}", f"keeper-{transport}-{version}"
            keeper = Client(self.serve, transport, version, client_id, clean=False, expiry_s=60)
            self.assertFalse(keeper.session_present)
            keeper.subscribe(topic, 1)
            keeper.disconnect()
            writer = Client(self.serve, transport, version)
            for n in range(20):
                writer.publish(topic, str(n), qos=1)
            keeper = Client(self.serve, transport, version, client_id, clean=False, expiry_s=60)
            self.assertTrue(keeper.session_present)
            self.assertEqual([keeper.next().payload for _ in range(20)], [str(n).encode() for n in range(20)])
            keeper.disconnect()
            fresh = Client(self.serve, transport, version, client_id, clean=True)
            self.assertFalse(fresh.session_present)
            fresh.disconnect()
            writer.disconnect()

    def test_a_cut_sends_the_will_and_a_disconnect_does_not(self):
        """[W1]"""
        for transport, version in self.each():
            topic = f"w1/{transport}/{version}"
            watcher = Client(self.serve, transport, version)
            watcher.subscribe(topic + "/#", 1)
            Client(self.serve, transport, version, will=(topic + "/polite", "gone", 1, False)).disconnect()
            Client(self.serve, transport, version, will=(topic + "/cut", "gone", 1, False)).cut()
            message = watcher.next()
            self.assertEqual((message.topic, message.payload), (topic + "/cut", b"gone"))
            self.assertTrue(watcher.messages.empty())
            watcher.disconnect()

    def test_a_second_connection_takes_over(self):
        """[C3]"""
        for transport, version in self.each():
            client_id = f"twin-{transport}-{version}"
            first = Client(self.serve, transport, version, client_id)
            first.client.on_connect = None
            first.client.reconnect_delay_set(60, 60)
            second = Client(self.serve, transport, version, client_id)
            code = first.disconnected.get(timeout=WAIT_S)
            if version == mqtt.MQTTv5:
                self.assertEqual(code.value, 0x8E)
            first.client.loop_stop()
            second.disconnect()

    def test_large_messages_arrive_in_order_and_whole(self):
        for transport, version in self.each():
            topic = f"large/{transport}/{version}"
            reader = Client(self.serve, transport, version)
            reader.subscribe(topic, 1)
            writer = Client(self.serve, transport, version)
            sizes = [(n * 7919) % 200_000 for n in range(60)]
            for n, size in enumerate(sizes):
                writer.client.publish(topic, bytes([n]) * size, qos=1)
            for n, size in enumerate(sizes):
                self.assertEqual(reader.next().payload, bytes([n]) * size)
            reader.disconnect()
            writer.disconnect()

    def test_properties_travel(self):
        """[M4, M5, M6]"""
        reader = Client(self.serve, "tcp", mqtt.MQTTv5)
        reader.subscribe("props", 1)
        writer = Client(self.serve, "ws", mqtt.MQTTv5)
        properties = Properties(PacketTypes.PUBLISH)
        properties.ResponseTopic = "answer/here"
        properties.CorrelationData = b"\x00\x01"
        properties.ContentType = "text/plain"
        properties.PayloadFormatIndicator = 1
        properties.UserProperty = [("a", "1"), ("b", "2"), ("a", "3")]
        writer.publish("props", "x", qos=1, properties=properties)
        got = reader.next().properties
        self.assertEqual(got.ResponseTopic, "answer/here")
        self.assertEqual(got.CorrelationData, b"\x00\x01")
        self.assertEqual(got.ContentType, "text/plain")
        self.assertEqual(got.PayloadFormatIndicator, 1)
        self.assertEqual(got.UserProperty, [("a", "1"), ("b", "2"), ("a", "3")])
        reader.disconnect()
        writer.disconnect()

    def test_both_versions_share_topics(self):
        old = Client(self.serve, "tcp", mqtt.MQTTv311)
        new = Client(self.serve, "ws", mqtt.MQTTv5)
        old.subscribe("shared/topics", 2)
        new.subscribe("shared/topics", 2)
        old.publish("shared/topics", "from old", qos=2)
        new.publish("shared/topics", "from new", qos=2)
        for client in (old, new):
            self.assertEqual({client.next().payload, client.next().payload}, {b"from old", b"from new"})
        old.disconnect()
        new.disconnect()


class Stopping(unittest.TestCase):
    def test_a_signal_says_goodbye_to_version_5(self):
        serve = Serve()
        client = Client(serve, "tcp", mqtt.MQTTv5)
        client.client.reconnect_delay_set(60, 60)
        self.assertEqual(serve.stop(), 0)
        self.assertEqual(client.disconnected.get(timeout=WAIT_S).value, 0x8B)
        client.client.loop_stop()


if __name__ == "__main__":
    threading.stack_size(512 * 1024)
    unittest.main()
