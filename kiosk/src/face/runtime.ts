/** The one place that sets up onnxruntime-web: its files come from this build, its threads from what the page may have. */
import * as ort from "onnxruntime-web/wasm";
import moduleUrl from "onnxruntime-web/ort-wasm-simd-threaded.mjs?url";
import wasmUrl from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";

export { ort };

export function prepareRuntime(threads: number): void {
  ort.env.wasm.wasmPaths = { mjs: moduleUrl, wasm: wasmUrl };
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = "error";
}

export function openSession(graph: ArrayBuffer): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(graph, { executionProviders: ["wasm"], graphOptimizationLevel: "all" });
}
