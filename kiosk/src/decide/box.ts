/** A face's place in a frame, in pixels; it may reach over the edge of the picture. */
export interface Box {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

export function widthOf(box: Box): number {
  return box.x2 - box.x1;
}

function areaOf(box: Box): number {
  return widthOf(box) * (box.y2 - box.y1);
}

function common(left: Box, right: Box): number {
  const width = Math.min(left.x2, right.x2) - Math.max(left.x1, right.x1);
  const height = Math.min(left.y2, right.y2) - Math.max(left.y1, right.y1);
  return width <= 0 || height <= 0 ? 0 : width * height;
}

/** Share of the union that two boxes have in common. */
export function overlap(left: Box, right: Box): number {
  const both = common(left, right);
  return both === 0 ? 0 : both / (areaOf(left) + areaOf(right) - both);
}

/** Share of a box that lies inside a picture of this size. */
export function inside(box: Box, width: number, height: number): number {
  return common(box, { x1: 0, y1: 0, x2: width, y2: height }) / areaOf(box);
}
