// The AWS SDK's clients (aws-crt for browsers) in the stories: unmodified, with the broker's class in the place of the global WebSocket.
import { timeOf } from "./stories.mjs";

/** Beyond half a megabyte that is not sent yet the package's stream rests for a second. */
const IN_FLIGHT = 10;

let current;
const opened = [];

/**
 * Stands in for the global WebSocket. It must be there before aws-crt is loaded, which takes the class once and for all; so this
 * asks the broker of the story each time.
 */
export function standIn() {
  globalThis.WebSocket = function WebSocket(url, protocols) {
    const socket = current.socket(url, protocols);
    opened.push(socket);
    return socket;
  };
}

/** A world of aws-crt's MQTT 5 clients. They have no QoS 2. */
export function awscrt5({ mqtt5 }, broker) {
  const time = timeOf(broker);
  current = broker;

  async function connect({ clientId, clean = true, sessionExpiryS = 0, will }) {
    const client = new mqtt5.Mqtt5Client({
      hostName: "glass",
      port: 80,
      sessionBehavior: clean ? mqtt5.ClientSessionBehavior.Clean : mqtt5.ClientSessionBehavior.RejoinAlways,
      connectProperties: {
        clientId,
        keepAliveIntervalSeconds: 1200,
        sessionExpiryIntervalSeconds: sessionExpiryS,
        will: will && { topicName: will.topic, payload: will.payload, qos: will.qos, retain: will.retain },
      },
      websocketOptions: { urlFactoryOptions: { urlFactory: mqtt5.Mqtt5WebsocketUrlFactoryType.Ws } },
      minReconnectDelayMs: 600_000,
      maxReconnectDelayMs: 600_000,
    });
    const messages = [];
    client.on("error", () => {});
    client.on("messageReceived", ({ message }) =>
      messages.push({
        topic: message.topicName,
        payload: new Uint8Array(message.payload ?? new ArrayBuffer(0)),
        qos: message.qos,
        retain: message.retain,
      }),
    );
    const connected = new Promise((resolve, reject) => {
      client.once("connectionSuccess", resolve);
      client.once("connectionFailure", ({ error }) => reject(error));
    });
    const disconnected = new Promise((resolve) => client.once("disconnection", resolve));
    const stopped = new Promise((resolve) => client.once("stopped", resolve));
    client.start();
    const { connack } = await time.done(connected);
    const stop = async (packet) => {
      client.stop(packet);
      await time.done(stopped);
      client.close();
    };
    return {
      raw: client,
      messages,
      sessionPresent: connack.sessionPresent,
      subscribe: async (filter, qos) =>
        (await time.done(client.subscribe({ subscriptions: [{ topicFilter: filter, qos }] }))).reasonCodes[0],
      publish: (topic, payload, { qos = 0, retain = false } = {}) =>
        time.done(client.publish({ topicName: topic, payload, qos, retain })),
      end: () => stop({ reasonCode: mqtt5.DisconnectReasonCode.NormalDisconnection }),
      drop: async () => {
        opened.at(-1).close();
        await time.done(disconnected);
        await stop();
      },
    };
  }

  return { connect, features: { qos: [0, 1], disconnect: true, inFlight: IN_FLIGHT }, ...time };
}

/** A world of aws-crt's MQTT 3.1.1 connections, which offer the subprotocol `mqttv3.1`. They have no QoS 2, and never send DISCONNECT. */
export function awscrt3({ mqtt, io }, broker) {
  const time = timeOf(broker);
  current = broker;

  async function connect({ clientId, clean = true, will }) {
    const client = new mqtt.MqttClient(new io.ClientBootstrap());
    const connection = client.new_connection({
      client_id: clientId,
      host_name: "glass",
      port: 80,
      clean_session: clean,
      keep_alive: 1200,
      websocket: { protocol: "ws" },
      protocol_operation_timeout: 600_000,
      reconnect_min_sec: 600,
      reconnect_max_sec: 600,
      socket_options: new io.SocketOptions(),
      tls_ctx: undefined,
      will: will && new mqtt.MqttWill(will.topic, will.qos, will.payload, will.retain),
    });
    const messages = [];
    connection.on("error", () => {});
    connection.on("message", (topic, payload, dup, qos, retain) =>
      messages.push({ topic, payload: new Uint8Array(payload), qos, retain }),
    );
    const gone = new Promise((resolve) => {
      connection.once("interrupt", resolve);
      connection.once("disconnect", resolve);
    });
    const sessionPresent = await time.done(connection.connect());
    return {
      raw: connection,
      messages,
      sessionPresent,
      subscribe: async (filter, qos) => (await time.done(connection.subscribe(filter, qos))).qos,
      publish: (topic, payload, { qos = 0, retain = false } = {}) =>
        time.done(connection.publish(topic, payload instanceof Uint8Array ? payload.slice().buffer : payload, qos, retain)),
      end: () => time.done(connection.disconnect()),
      drop: async () => {
        opened.at(-1).close();
        await time.done(gone);
        await time.done(connection.disconnect()).catch(() => {});
      },
    };
  }

  return { connect, features: { qos: [0, 1], disconnect: false, inFlight: IN_FLIGHT }, ...time };
}
