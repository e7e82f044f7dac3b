// Paho's JavaScript client in the stories: unmodified, with the broker's class in the place of the global WebSocket.
import { timeOf } from "./stories.mjs";

/**
 * A world of Paho clients on `broker`. It speaks MQTT 3.1.1 only and does not tell whether a session was present.
 *
 * In a browser it keeps what is in flight in the localStorage, which takes a few megabytes.
 */
export function paho(Paho, broker) {
  const time = timeOf(broker);

  async function connect({ clientId, clean = true, will }) {
    const opened = [];
    // Paho has no option for its socket: it takes the global WebSocket when it connects.
    globalThis.WebSocket = class extends broker.WebSocket {
      constructor(...given) {
        super(...given);
        opened.push(this);
      }
    };
    const client = new Paho.Client("glass", 80, "/mqtt", clientId);
    const messages = [];
    client.onMessageArrived = ({ destinationName, payloadBytes, qos, retained }) =>
      messages.push({ topic: destinationName, payload: payloadBytes, qos, retain: retained });
    const delivered = new Map();
    client.onMessageDelivered = (message) => delivered.get(message)?.();
    const lost = new Promise((resolve) => {
      client.onConnectionLost = resolve;
    });
    await time.done(
      new Promise((resolve, reject) => {
        client.connect({
          cleanSession: clean,
          mqttVersion: 4,
          mqttVersionExplicit: true,
          ...(will && { willMessage: message(will.topic, will.payload, will) }),
          onSuccess: resolve,
          onFailure: ({ errorMessage }) => reject(new Error(errorMessage)),
        });
      }),
    );

    function message(topic, payload, { qos = 0, retain = false }) {
      const made = new Paho.Message(payload);
      Object.assign(made, { destinationName: topic, qos, retained: retain });
      return made;
    }

    return {
      raw: client,
      messages,
      sessionPresent: undefined,
      subscribe: (filter, qos) =>
        time.done(
          new Promise((resolve, reject) => {
            client.subscribe(filter, { qos, onSuccess: ({ grantedQos }) => resolve(grantedQos[0]), onFailure: reject });
          }),
        ),
      publish: (topic, payload, options = {}) =>
        time.done(
          new Promise((resolve) => {
            const made = message(topic, payload, options);
            delivered.set(made, resolve);
            client.send(made);
          }),
        ),
      end: () => {
        client.disconnect();
        return time.done(lost);
      },
      drop: () => {
        opened.at(-1).close();
        return time.done(lost);
      },
    };
  }

  return { connect, features: { qos: [0, 1, 2], disconnect: true, inFlight: 10 }, ...time };
}
