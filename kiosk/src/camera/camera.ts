/** Why there is no picture: each has its own words, because each has its own remedy. */
export type CameraTrouble = "denied" | "missing" | "busy" | "insecure" | "unsupported";

export class CameraError extends Error {
  constructor(readonly trouble: CameraTrouble) {
    super(trouble);
  }
}

const BY_NAME: Readonly<Record<string, CameraTrouble>> = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
  AbortError: "busy",
};

/** Names are those of the Media Capture and Streams specification, section getUserMedia. */
export function troubleOf(error: unknown): CameraTrouble {
  const name = error instanceof Error ? error.name : "";
  return BY_NAME[name] ?? "unsupported";
}

/** Open the front camera at 640 x 480. */
export async function openCamera(): Promise<MediaStream> {
  if (!globalThis.isSecureContext) throw new CameraError("insecure");
  const devices = (navigator as Partial<Navigator>).mediaDevices;
  if (devices === undefined) throw new CameraError("unsupported");
  const video = { facingMode: "user", width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 24, max: 30 } };
  try {
    return await devices.getUserMedia({ video, audio: false });
  } catch (error) {
    throw new CameraError(troubleOf(error));
  }
}

/** Call back when this camera stops giving pictures (unplugged, taken by the system). Nothing to hear of a drawn stream. */
export function onCameraEnd(stream: MediaStream, ended: () => void): void {
  for (const track of stream.getVideoTracks()) track.addEventListener("ended", ended, { once: true });
}

export function closeStream(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
