/** The longer side of a frame given to the engine: a larger camera picture tells it nothing more. */
const LONGEST = 640;

/** The next picture of the video as it is now, never one that has waited in a queue. */
export async function nextFrame(video: HTMLVideoElement): Promise<ImageBitmap> {
  await nextPicture(video);
  const { videoWidth: width, videoHeight: height } = video;
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  if (scale === 1) return createImageBitmap(video);
  const size = { resizeWidth: Math.round(width * scale), resizeHeight: Math.round(height * scale) };
  return createImageBitmap(video, { ...size, resizeQuality: "medium" });
}

/** Resolve when the video shows a new picture; a video that shows none for a while is looked at again anyway. */
function nextPicture(video: HTMLVideoElement): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(() => done(), 500);
    const done = () => {
      clearTimeout(late);
      resolve();
    };
    if ("requestVideoFrameCallback" in video) video.requestVideoFrameCallback(done);
    else requestAnimationFrame(done);
  });
}

/** Attach a stream and wait until it shows a picture. */
export async function play(video: HTMLVideoElement, stream: MediaStream): Promise<void> {
  video.srcObject = stream;
  await video.play();
}
