// The traffic of benches/common/traffic.rs through aedes: a publisher and its subscribers as streams in memory, which only speak bytes.
import { Duplex } from "node:stream";

const ENOUGH_BYTES = 1 << 26;

/** One client's end of a connection. What the broker writes comes to `heard` as whole packets; `say` sends bytes to the broker. */
class FarEnd extends Duplex {
  #rest;
  constructor(heard) {
    super({ readableHighWaterMark: ENOUGH_BYTES, writableHighWaterMark: ENOUGH_BYTES });
    this.heard = heard;
  }
  _read() {}
  _write(chunk, _encoding, done) {
    this.#take(chunk);
    done();
  }
  _writev(chunks, done) {
    this.#take(Buffer.concat(chunks.map(({ chunk }) => chunk)));
    done();
  }
  #take(bytes) {
    const all = this.#rest ? Buffer.concat([this.#rest, bytes]) : bytes;
    let at = 0;
    const answers = [];
    for (;;) {
      let length = 0;
      let body = at + 1;
      let shift = 0;
      while (body < all.length && all[body] & 0x80) {
        length |= (all[body++] & 0x7f) << shift;
        shift += 7;
      }
      if (body >= all.length) break;
      length |= all[body++] << shift;
      if (body + length > all.length) break;
      this.heard(all, at, body, answers);
      at = body + length;
    }
    this.#rest = at < all.length ? all.subarray(at) : undefined;
    if (answers.length > 0) this.push(Buffer.from(answers));
  }
}

function text(value) {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
}
function packet(first, ...parts) {
  const body = Buffer.concat(parts);
  if (body.length > 127) throw new Error("a longer packet needs a longer Remaining Length");
  return Buffer.concat([Buffer.from([first, body.length]), body]);
}

/** A load that is ready to run, as `Bench` in benches/node/module.rs; here `run` gives a promise. */
export async function aedesBench(Aedes, qos, subscribers, packetsAChunk) {
  const broker = await Aedes.createBroker();
  let delivered = 0;
  // What still has to come before the round is over, and who waits for it.
  let open = 0;
  let wakeUp = () => {};
  const came = () => {
    open -= 1;
    if (open === 0) wakeUp();
  };

  function heard(all, at, body, answers) {
    switch (all[at] >> 4) {
      case 3: {
        delivered += 1;
        came();
        const level = (all[at] >> 1) & 3;
        if (level > 0) {
          const id = body + 2 + all.readUInt16BE(body);
          answers.push(level === 1 ? 0x40 : 0x50, 2, all[id], all[id + 1]);
        }
        break;
      }
      case 5:
        answers.push(0x62, 2, all[body], all[body + 1]);
        break;
      case 6:
        answers.push(0x70, 2, all[body], all[body + 1]);
        came();
        break;
      // CONNACK, PUBACK, PUBCOMP, SUBACK.
      default:
        came();
    }
  }
  function rest(count) {
    return new Promise((resolve) => {
      open = count;
      wakeUp = resolve;
    });
  }
  async function join(name) {
    const end = new FarEnd(heard);
    const connected = rest(1);
    broker.handle(end);
    end.push(packet(0x10, text("MQTT"), Buffer.from([4, 2, 0, 60]), text(name)));
    await connected;
    return end;
  }

  const publisher = await join("publisher");
  for (let n = 0; n < subscribers; n++) {
    const end = await join(`subscriber${n}`);
    const subscribed = rest(1);
    end.push(packet(0x82, Buffer.from([0, 1]), text("factory/+/status"), Buffer.from([qos])));
    await subscribed;
  }
  const publishes = Array.from({ length: packetsAChunk }, (_, n) => {
    const id = qos === 0 ? Buffer.alloc(0) : Buffer.from([0, n + 1]);
    return packet(0x30 | (qos << 1), text("factory/1/status"), id, Buffer.alloc(64, "x"));
  });
  const chunk = Buffer.concat(publishes);
  // A message of QoS 2 is over when its PUBREL came too; from QoS 1 on the publisher waits for the last acknowledgement.
  const aRound = packetsAChunk * (subscribers * (qos === 2 ? 2 : 1) + (qos === 0 ? 0 : 1));

  return {
    /** Runs so many rounds, each when the one before is over, and gives how many messages reached subscribers. */
    run(rounds) {
      const before = delivered;
      return new Promise((resolve) => {
        let left = rounds;
        wakeUp = () => {
          if (left === 0) return resolve(delivered - before);
          left -= 1;
          open = aRound;
          publisher.push(chunk);
        };
        wakeUp();
      });
    },
    free: () => new Promise((resolve) => broker.close(resolve)),
  };
}
