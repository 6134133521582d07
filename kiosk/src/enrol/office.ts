/** The office API as the enrolment page uses it: session cookie and CSRF token of the page. */
import createClient from "openapi-fetch";
import { ApiError } from "../sync/client";
import type { components, paths } from "../sync/api";
import type { Pose } from "./guide";

export type ImageAnswer = components["schemas"]["ImageAnswer"];
export type Finished = components["schemas"]["EnrolmentFinished"];
export type Basis = components["schemas"]["EnrolmentStart"]["basis"];

interface Result<T> {
  readonly data?: T | undefined;
  readonly error?: unknown;
  readonly response: Response;
}

/** The server's own sentence, where it gave one. */
export class Refusal extends ApiError {
  constructor(
    code: string,
    status: number,
    readonly sentence: string,
  ) {
    super(code, status);
  }
}

function refusalOf(body: unknown, status: number): Refusal {
  const { code, message } = (body as { error?: { code?: string; message?: string } } | undefined)?.error ?? {};
  return new Refusal(code ?? "server_error", status, message ?? "");
}

async function ask<T>(request: Promise<Result<T>>): Promise<T> {
  const result = await request.catch(() => {
    throw new ApiError("offline", 0);
  });
  if (result.data === undefined) throw refusalOf(result.error, result.response.status);
  return result.data;
}

export class Office {
  private readonly client;

  constructor(csrf: string, language: string) {
    const headers = { "X-CSRFToken": csrf, "Accept-Language": language };
    this.client = createClient<paths>({ baseUrl: location.origin, headers, credentials: "same-origin" });
  }

  async start(person_id: string, notice_version: number, basis: Basis): Promise<string> {
    const params = { path: { person_id } };
    const body = { notice_version, basis };
    return (await ask(this.client.POST("/api/office/v1/people/{person_id}/enrolments", { params, body }))).enrolment_id;
  }

  send(enrolment_id: string, image: Blob, pose: Pose | "upload"): Promise<ImageAnswer> {
    const form = new FormData();
    form.append("image", image, image instanceof File ? image.name : "camera.jpg");
    form.append("pose", pose);
    form.append("source", pose === "upload" ? "upload" : "camera");
    const params = { path: { enrolment_id } };
    // The generated type writes a file as a string; what is sent is the form itself.
    const body = { image: "", pose, source: "camera" as const };
    const address = "/api/office/v1/enrolments/{enrolment_id}/images" as const;
    return ask(this.client.POST(address, { params, body, bodySerializer: () => form }));
  }

  finish(enrolment_id: string): Promise<Finished> {
    return ask(this.client.POST("/api/office/v1/enrolments/{enrolment_id}/finish", { params: { path: { enrolment_id } } }));
  }
}
