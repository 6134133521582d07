import { beforeAll, describe, expect, it } from "vitest";
import { ApiError, KioskApi } from "./client";

beforeAll(() => Object.assign(globalThis, { location: { origin: "https://hadir.test" } }));

function apiThat(answer: (request: Request) => Response | Promise<Response>): KioskApi {
  return new KioskApi("secret", (request) => Promise.resolve(answer(request)));
}

describe("the server's answers", () => {
  it("carry the token and the exact records", async () => {
    let seen: Request | null = null;
    const api = apiThat((request) => {
      seen = request.clone();
      return Response.json({ receipts: [{ id: "a", status: "stored", code: "", detail: "" }], server_time: "2026-09-14T07:00:00+07:00" });
    });
    const record = '{"v":1, "id":"a"}';
    expect(await api.send([{ id: "a", record }])).toMatchObject([{ id: "a", status: "stored" }]);
    expect(seen!.headers.get("Authorization")).toBe("Bearer secret");
    expect(await seen!.json()).toEqual({ scans: [{ id: "a", record }] });
  });

  it.each<[string, () => Response, { code: string; isCut: boolean; isRefusal: boolean }]>([
    ["a revoked kiosk", () => Response.json({ error: { code: "device_revoked", message: "" } }, { status: 403 }), { code: "device_revoked", isCut: true, isRefusal: false }],
    ["a proxy that wants a login", () => new Response("<html>", { status: 403, headers: { "Content-Type": "text/html" } }), { code: "server_error", isCut: false, isRefusal: true }],
    ["a refused request", () => Response.json({ error: { code: "invalid_request", message: "" } }, { status: 422 }), { code: "invalid_request", isCut: false, isRefusal: true }],
    ["a breakdown", () => new Response("oops", { status: 502 }), { code: "server_error", isCut: false, isRefusal: false }],
    ["too much at once", () => Response.json({ error: { code: "too_many_requests", message: "" } }, { status: 429 }), { code: "too_many_requests", isCut: false, isRefusal: false }],
  ])("%s", async (_name, answer, expected) => {
    const error = await apiThat(answer).hello(0, "0").catch((reason: unknown) => reason as ApiError);
    expect(error).toBeInstanceOf(ApiError);
    const { code, isCut, isRefusal } = error as ApiError;
    expect({ code, isCut, isRefusal }).toEqual(expected);
  });

  it("no network is 'offline'", async () => {
    const api = new KioskApi(null, () => Promise.reject(new TypeError("Failed to fetch")));
    await expect(api.hello(0, "0")).rejects.toMatchObject({ code: "offline", status: 0 });
    await expect(api.gallery("1")).rejects.toMatchObject({ code: "offline", status: 0 });
  });

  it("a page in place of an answer is 'offline', not a gallery", async () => {
    const api = apiThat(() => new Response("<html>login</html>", { headers: { "Content-Type": "text/html" } }));
    await expect(api.gallery(null)).rejects.toBeInstanceOf(ApiError);
  });

  it("a gallery that did not change is null", async () => {
    let tag = "";
    const api = apiThat((request) => {
      tag = request.headers.get("If-None-Match") ?? "";
      return new Response(null, { status: 304 });
    });
    expect(await api.gallery("g1")).toBeNull();
    expect(tag).toBe('"g1"');
  });
});
