/** The kiosk's side of the server's API, with the types that contract/openapi.json gives. */
import createClient from "openapi-fetch";
import type { SentGallery } from "../gallery/gallery";
import type { components, paths } from "./api";

export type Greeting = components["schemas"]["Hello"];
export type Receipt = components["schemas"]["ScanReceipt"];
export type Activation = components["schemas"]["Activated"];

/** The code for an answer that is not in Hadir's form: a proxy's, or a server's that is breaking down. */
const NOT_OURS = "server_error";

/** An answer that is no success: `code` is the server's stable code, or "offline" when there was no answer at all. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
  ) {
    super(`${code} (${status})`);
  }

  /** This browser is not, or no longer, a kiosk of the office. A refusal by something on the way is not the office's word. */
  get isCut(): boolean {
    return (this.status === 401 || this.status === 403) && this.code !== NOT_OURS;
  }

  /** The server looked at the request and does not want it: sending the same again will not help. */
  get isRefusal(): boolean {
    return this.status >= 400 && this.status < 500 && !this.isCut && this.status !== 408 && this.status !== 429;
  }
}

interface Result<T> {
  readonly data?: T | undefined;
  readonly error?: unknown;
  readonly response: Response;
}

function codeOf(body: unknown): string {
  const code = (body as { error?: { code?: unknown } } | null | undefined)?.error?.code;
  return typeof code === "string" ? code : NOT_OURS;
}

async function ask<T>(request: () => Promise<Result<T>>): Promise<T> {
  const result = await request().catch(() => {
    throw new ApiError("offline", 0);
  });
  if (result.data === undefined) throw new ApiError(codeOf(result.error), result.response.status);
  return result.data;
}

/** A request that hangs is worse than one that fails: the next one may get through. */
const PATIENCE_MS = 20_000;

function patientFetch(request: Request): Promise<Response> {
  return fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS), cache: "no-store" });
}

export class KioskApi {
  private readonly client;

  constructor(token: string | null, fetcher: (request: Request) => Promise<Response> = patientFetch) {
    const headers = token === null ? {} : { Authorization: `Bearer ${token}` };
    this.client = createClient<paths>({ baseUrl: globalThis.location.origin, headers, fetch: fetcher });
  }

  activate(code: string, app_version: string): Promise<Activation> {
    const body = { code, user_agent: navigator.userAgent, app_version, handshake: 1 };
    return ask(() => this.client.POST("/api/kiosk/v1/activate", { body }));
  }

  hello(unsent: number, app_version: string): Promise<Greeting> {
    return ask(() => this.client.POST("/api/kiosk/v1/hello", { body: { unsent, app_version } }));
  }

  /** The gallery, or null when the one of this version is still the right one. */
  async gallery(version: string | null): Promise<SentGallery | null> {
    const headers = version === null ? {} : { "If-None-Match": `"${version}"` };
    const result = await this.client.GET("/api/kiosk/v1/gallery", { headers }).catch(() => {
      throw new ApiError("offline", 0);
    });
    if (result.response.status === 304) return null;
    return ask(() => Promise.resolve(result));
  }

  async send(scans: readonly { id: string; record: string }[]): Promise<readonly Receipt[]> {
    const body = { scans: scans.map(({ id, record }) => ({ id, record })) };
    return (await ask(() => this.client.POST("/api/kiosk/v1/scans", { body }))).receipts;
  }
}
