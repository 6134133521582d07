/** What a kiosk asks of its browser beside the camera. */

/** Everything this page cannot do without; browsers from 2023 on have all of it. */
export function isSupported(): boolean {
  const needed = ["indexedDB", "WebAssembly", "Worker", "OffscreenCanvas", "createImageBitmap"];
  return needed.every((name) => name in globalThis);
}

/** Resolve when this is the only tab that runs the kiosk; `waiting` is called when another one does. */
export async function becomeOnlyTab(waiting: () => void): Promise<void> {
  const locks = (navigator as Partial<Navigator>).locks;
  if (locks === undefined) return;
  const hold = () => new Promise<never>(() => undefined);
  await new Promise<void>((resolve) => {
    void locks.request("hadir-kios", { ifAvailable: true }, (lock) => {
      if (lock !== null) {
        resolve();
        return hold();
      }
      waiting();
      void locks.request("hadir-kios", () => {
        resolve();
        return hold();
      });
      return null;
    });
  });
}

/** Ask the browser not to clear this page's data when space runs short. Whether it agrees is its own business. */
export async function askToPersist(): Promise<boolean> {
  const storage = (navigator as Partial<Navigator>).storage;
  return (await storage?.persist().catch(() => false)) ?? false;
}

/** Keep the screen on while the page is seen. Refused on low battery; asked again at the next return. */
export function keepAwake(): void {
  const ask = () => {
    if (!document.hidden) void navigator.wakeLock.request("screen").catch(() => undefined);
  };
  if (!("wakeLock" in navigator)) return;
  document.addEventListener("visibilitychange", ask);
  ask();
}

const UPDATE_MS = 60 * 60_000;
const IDLE_CHECK_MS = 5_000;
const REGISTER_AGAIN_MS = 60_000;

/** Serve this page without network, and take a newer one over when nobody stands before the kiosk. */
export async function keepOffline(isIdle: () => boolean): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.register("/kios/sw.js", { scope: "/kios/" }).catch((error: unknown) => {
    // eslint-disable-next-line no-console -- whoever looks for the reason looks there; the people at the kiosk need not know
    console.warn("kiosk: without its service worker this page does not start offline; trying again", error);
    return null;
  });
  if (registration === null) {
    setTimeout(() => void keepOffline(isIdle), REGISTER_AGAIN_MS);
    return;
  }
  const controlled = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (controlled) location.reload();
  });
  // Without network this fails by nature; the worker that is there goes on.
  setInterval(() => void registration.update().catch(() => undefined), UPDATE_MS);
  setInterval(() => {
    if (isIdle()) registration.waiting?.postMessage("take-over");
  }, IDLE_CHECK_MS);
}
