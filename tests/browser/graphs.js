// The two sessions of a pack, for a test or a measurement. Loaded by tests/browser/graphs.py.
import * as ort from "/ort/ort.wasm.min.mjs";

const sessions = {};

window.start = async (threads) => {
  ort.env.wasm.numThreads = threads;
  ort.env.wasm.wasmPaths = "/ort/";
  for (const name of ["track", "embed"]) {
    const bytes = await (await fetch(`/pack/${name}.onnx`)).arrayBuffer();
    sessions[name] = await ort.InferenceSession.create(new Uint8Array(bytes), { executionProviders: ["wasm"] });
  }
  return { isolated: window.crossOriginIsolated, threads: ort.env.wasm.numThreads };
};

const frameFrom = async (file, height, width) => {
  const bytes = await (await fetch(`/frames/${file}`)).arrayBuffer();
  return new ort.Tensor("uint8", new Uint8Array(bytes), [height, width, 4]);
};

const limitOf = (count) => new ort.Tensor("int64", BigInt64Array.of(BigInt(count)), [1]);

window.analyze = async (file, height, width, count) => {
  const frame = await frameFrom(file, height, width);
  const found = await sessions.track.run({ frame, limit: limitOf(count) });
  const embedded = await sessions.embed.run({ frame, landmarks: found.landmarks });
  const plain = Object.entries({ ...found, ...embedded }).map(([name, tensor]) => [
    name,
    { dims: tensor.dims, data: Array.from(tensor.data) },
  ]);
  return JSON.stringify(Object.fromEntries(plain));
};

window.measure = async (file, height, width, rounds) => {
  const frame = await frameFrom(file, height, width);
  const times = { track: [], embed: [] };
  for (let round = 0; round < rounds; round += 1) {
    const before = performance.now();
    const found = await sessions.track.run({ frame, limit: limitOf(1) });
    const between = performance.now();
    await sessions.embed.run({ frame, landmarks: found.landmarks });
    times.track.push(between - before);
    times.embed.push(performance.now() - between);
  }
  return times;
};
