// The two clients of aws-crt in the stories: unmodified, with the broker's class in the place of the global WebSocket.
//
// The package takes the global WebSocket when it is loaded, so it is loaded here, by `load`, after the class stands there.
import { timeOf } from "./stories.mjs";

/** Beyond half a megabyte that is not sent yet the package's stream rests for a second. */
const IN_FLIGHT = 10;
/** Once a connection is lost it is not opened again before a story is over. */
const RECONNECT_S = 300;

/** Has the package loaded with a broker that can still be chosen: `use(broker)` before each story. */
export async function standIn(load) {
  let WebSocket;
  const opened = [];
  globalThis.WebSocket = new Proxy(globalThis.WebSocket, {
    construct(_, given) {
      const socket = new WebSocket(...given);
      opened.push(socket);
      return socket;
    },
  });
  const crt = await load();
  return {
    crt,
    opened,
    use(broker) {
      WebSocket = broker.WebSocket;
    },
  };
}

/** A world of `Mqtt5Client`s on `broker`. They know no QoS 2. */
export function aws5({ crt: { mqtt5 }, opened, use }, broker) {
  const time = timeOf(broker);
  use(broker);

  async function connect({ clientId, clean = true, sessionExpiryS, will }) {
    const client = new mqtt5.Mqtt5Client({
      hostName: "glass",
      port: 80,
      sessionBehavior: clean ? mqtt5.ClientSessionBehavior.Clean : mqtt5.ClientSessionBehavior.RejoinAlways,
      minReconnectDelayMs: RECONNECT_S * 1000,
      maxReconnectDelayMs: RECONNECT_S * 1000,
      connectProperties: {
        clientId,
        keepAliveIntervalSeconds: 1200,
        sessionExpiryIntervalSeconds: sessionExpiryS,
        will: will && { topicName: will.topic, payload: will.payload, qos: will.qos, retain: will.retain },
      },
      websocketOptions: { urlFactoryOptions: { urlFactory: mqtt5.Mqtt5WebsocketUrlFactoryType.Ws } },
    });
    const messages = [];
    client.on("messageReceived", ({ message: { topicName, payload, qos, retain } }) =>
      messages.push({ topic: topicName, payload: new Uint8Array(payload ?? 0), qos, retain: retain ?? false }),
    );
    const stopped = new Promise((resolve) => {
      client.once("stopped", resolve);
    });
    const { connack } = await time.done(
      new Promise((resolve, reject) => {
        client.once("connectionSuccess", resolve);
        client.once("connectionFailure", ({ error }) => reject(error));
        client.start();
      }),
    );
    const socket = opened.at(-1);
    return {
      raw: client,
      messages,
      sessionPresent: connack.sessionPresent,
      subscribe: async (filter, qos) => {
        const { reasonCodes } = await time.done(client.subscribe({ subscriptions: [{ topicFilter: filter, qos }] }));
        return reasonCodes[0];
      },
      publish: (topic, payload, { qos = 0, retain = false } = {}) =>
        time.done(client.publish({ topicName: topic, payload, qos, retain })),
      end: () => {
        client.stop({ reasonCode: mqtt5.DisconnectReasonCode.NormalDisconnection });
        return time.done(stopped);
      },
      drop: () => {
        client.once("disconnection", () => client.stop());
        socket.close();
        return time.done(stopped);
      },
    };
  }

  return { connect, features: { qos: [0, 1], inFlight: IN_FLIGHT }, ...time };
}

/**
 * A world of `MqttClientConnection`s on `broker`: MQTT 3.1.1, over the subprotocol of MQTT 3.1. They know no QoS 2,
 * and `disconnect` closes the WebSocket without a DISCONNECT.
 */
export function aws3({ crt: { io, mqtt }, opened, use }, broker) {
  const time = timeOf(broker);
  use(broker);

  async function connect({ clientId, clean = true, will }) {
    const client = new mqtt.MqttClient(new io.ClientBootstrap()).new_connection({
      client_id: clientId,
      host_name: "glass",
      port: 80,
      clean_session: clean,
      socket_options: new io.SocketOptions(),
      reconnect_min_sec: RECONNECT_S,
      reconnect_max_sec: RECONNECT_S,
      websocket: { protocol: "ws" },
      will,
    });
    const messages = [];
    client.on("message", (topic, payload, _, qos, retain) => messages.push({ topic, payload: new Uint8Array(payload), qos, retain }));
    const sessionPresent = await time.done(client.connect());
    const socket = opened.at(-1);
    return {
      raw: client,
      messages,
      sessionPresent,
      subscribe: async (filter, qos) => (await time.done(client.subscribe(filter, qos))).qos,
      publish: (topic, payload, { qos = 0, retain = false } = {}) => time.done(client.publish(topic, payload, qos, retain)),
      end: () => time.done(client.disconnect()),
      drop: () => {
        const gone = new Promise((resolve) => {
          client.once("interrupt", () => resolve(client.disconnect()));
        });
        socket.close();
        return time.done(gone);
      },
    };
  }

  return { connect, features: { qos: [0, 1], goodbye: false, inFlight: IN_FLIGHT }, ...time };
}
