"""Eclipse Paho's Python client as a peer whose events can be waited for."""

import itertools
import queue
import socket

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

WAIT_S = 10
names = itertools.count()


class Client:
    """A Paho client whose events can be waited for."""

    def __init__(self, serve, transport, version, client_id=None, clean=True, will=None, expiry_s=None):
        self.messages = queue.Queue()
        self.connected = queue.Queue()
        self.subscribed = queue.Queue()
        self.disconnected = queue.Queue()
        self.published = queue.Queue()
        self.serve, self.transport, self.version = serve, transport, version
        five = version == mqtt.MQTTv5
        self.client = mqtt.Client(
            mqtt.CallbackAPIVersion.VERSION2,
            client_id=client_id or f"paho-{next(names)}",
            protocol=version,
            transport="websockets" if transport == "ws" else "tcp",
            clean_session=None if five else clean,
        )
        if transport == "ws":
            self.client.ws_set_options(path="/mqtt")
        self.client.on_message = lambda c, u, message: self.messages.put(message)
        self.client.on_connect = lambda c, u, flags, code, props: self.connected.put((flags.session_present, code))
        self.client.on_subscribe = lambda c, u, mid, codes, props: self.subscribed.put([code.value for code in codes])
        self.client.on_disconnect = lambda c, u, flags, code, props: self.disconnected.put(code)
        self.client.on_publish = lambda c, u, mid, code, props: self.published.put(mid)
        if will:
            self.client.will_set(*will)
        connect = {}
        if five:
            connect["clean_start"] = clean
            if expiry_s is not None:
                connect["properties"] = Properties(PacketTypes.CONNECT)
                connect["properties"].SessionExpiryInterval = expiry_s
        self.client.connect("127.0.0.1", serve.ws if transport == "ws" else serve.mqtt, 30, **connect)
        self.client.loop_start()
        self.session_present, self.code = self.connected.get(timeout=WAIT_S)

    def subscribe(self, topic, qos=0):
        if self.version == mqtt.MQTTv5:
            self.client.subscribe(topic, options=SubscribeOptions(qos=qos))
        else:
            self.client.subscribe(topic, qos)
        return self.subscribed.get(timeout=WAIT_S)

    def publish(self, *args, **kwargs):
        self.client.publish(*args, **kwargs).wait_for_publish(WAIT_S)

    def next(self):
        return self.messages.get(timeout=WAIT_S)

    def disconnect(self):
        self.client.disconnect()
        self.client.loop_stop()

    def cut(self):
        """Ends the connection without DISCONNECT and without a WebSocket Close frame."""
        self.client.loop_stop()
        raw = self.client.socket()
        raw = getattr(raw, "_socket", raw)
        raw.shutdown(socket.SHUT_RDWR)
        raw.close()

    def close_frame(self):
        """Ends a WebSocket with a Close frame (RFC 6455, 5.5.1), and without DISCONNECT."""
        self.client.loop_stop()
        self.client.socket()._socket.sendall(bytes([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8]))
