// MQTT.js as a client of the stories: unmodified, over the socket that its option createWebsocket asks for.
import { timeOf } from "./stories.mjs";

/** A world of MQTT.js clients on `broker`; `version` is 4 for MQTT 3.1.1 and 5. */
export function mqttjs(mqtt, broker, version) {
  const time = timeOf(broker);

  async function connect({ clientId, clean = true, sessionExpiryS, will }) {
    const client = mqtt.connect("ws://glass/mqtt", {
      protocolVersion: version,
      clientId,
      clean,
      will,
      properties: version === 5 && sessionExpiryS !== undefined ? { sessionExpiryInterval: sessionExpiryS } : undefined,
      reconnectPeriod: 0,
      forceNativeWebSocket: true,
      createWebsocket: (url, protocols) => broker.socket(url, protocols),
      timerVariant: broker.clock.timer,
    });
    const messages = [];
    client.on("message", (topic, payload, { qos, retain }) => messages.push({ topic, payload, qos, retain }));
    const connack = await time.done(
      new Promise((resolve, reject) => {
        client.once("connect", resolve);
        client.once("error", reject);
        client.once("close", () => reject(new Error("closed before it was connected")));
      }),
    );
    const closed = () => new Promise((resolve) => client.once("close", resolve));
    return {
      raw: client,
      messages,
      sessionPresent: connack.sessionPresent,
      subscribe: async (filter, qos) => (await time.done(client.subscribeAsync(filter, { qos })))[0].qos,
      publish: (topic, payload, { qos = 0, retain = false } = {}) =>
        time.done(client.publishAsync(topic, payload, { qos, retain })),
      end: () => time.done(client.endAsync()),
      drop: () => {
        const gone = closed();
        client.stream.destroy();
        return time.done(gone);
      },
    };
  }

  return { connect, features: { qos: [0, 1, 2], disconnect: true }, ...time };
}
