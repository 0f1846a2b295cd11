// The files of an export: fetched when they are needed, unpacked, each once.

/** Gives the bytes of a file as they lie on the server. @typedef {(name: string) => Promise<Uint8Array>} Load */

export class Packs {
  /** @param {Load} load */
  constructor(load) {
    this.load = load;
    /** @type {Map<string, Promise<Uint8Array>>} */
    this.kept = new Map();
  }

  /** The content of a pack. @param {string} name @returns {Promise<Uint8Array>} */
  bytes(name) {
    let found = this.kept.get(name);
    if (!found) {
      found = this.load(`${name}.pack`).then(unpacked);
      found.catch(() => this.kept.delete(name)); // what failed may be asked for again
      this.kept.set(name, found);
    }
    return found;
  }

  /** @param {string} name @returns {Promise<any>} */
  async json(name) {
    return JSON.parse(new TextDecoder().decode(await this.bytes(name)));
  }
}

/** @param {Uint8Array} data */
async function unpacked(data) {
  if (data[0] !== 0x1f || data[1] !== 0x8b) return data; // a server has unpacked it on the way
  const stream = new Blob([/** @type {any} */ (data)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Sorted entries in shards, of which the first keys are known. */
export class Shards {
  /** @param {Packs} packs @param {string} folder @param {string[]} starts */
  constructor(packs, folder, starts) {
    this.packs = packs;
    this.folder = folder;
    this.starts = starts;
    /** @type {Map<number, Promise<Shard>>} */
    this.read = new Map();
  }

  /** @param {number} number @returns {Promise<Shard>} */
  shard(number) {
    let found = this.read.get(number);
    if (!found) {
      found = this.packs.bytes(`${this.folder}/${number}`).then((data) => new Shard(data));
      found.catch(() => this.read.delete(number));
      this.read.set(number, found);
    }
    return found;
  }

  /** The number of the shard that a key would be in; -1 for none. @param {string} key */
  place(key) {
    let [low, high] = [0, this.starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.starts[middle] <= key) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** @param {string} key @returns {Promise<{ value: any, bytes: Uint8Array } | null>} */
  async entry(key) {
    const place = this.place(key);
    return place < 0 ? null : (await this.shard(place)).entry(key);
  }

  /** The keys that begin so, with their values. @param {string} start @returns {Promise<[string, any][]>} */
  async beginning(start) {
    const found = [];
    for (let place = Math.max(this.place(start), 0); place < this.starts.length; place += 1) {
      const { keys, values } = await this.shard(place);
      keys.forEach((key, number) => key.startsWith(start) && found.push(/** @type {[string, any]} */ ([key, values[number]])));
      const last = keys[keys.length - 1];
      if (last > start && !last.startsWith(start)) break;
    }
    return found;
  }
}

/** Entries as `searchkit.site.packing.write_entries` writes them. */
class Shard {
  /** @param {Uint8Array} data */
  constructor(data) {
    const size = new DataView(data.buffer, data.byteOffset).getUint32(0, true);
    const head = JSON.parse(new TextDecoder().decode(data.subarray(4, 4 + size)));
    /** @type {string[]} */
    this.keys = head.keys;
    /** @type {any[]} */
    this.values = head.values;
    /** @type {number[]} */
    this.ends = head.ends;
    this.body = data.subarray(4 + size);
    this.places = new Map(this.keys.map((key, number) => [key, number]));
  }

  /** @param {string} key */
  entry(key) {
    const number = this.places.get(key);
    if (number === undefined) return null;
    const bytes = this.body.subarray(number ? this.ends[number - 1] : 0, this.ends[number]);
    return { value: this.values[number], bytes };
  }
}
