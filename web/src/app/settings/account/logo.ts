/** A picture made small enough to be a logo: the server takes 128 KB, and nobody needs more. */

export const MAX_BYTES = 128 * 1024;
const MAX_SIDE = 256;
const TYPES = ["image/png", "image/jpeg", "image/webp"];

/** The size that keeps the shape and fits a square. Small pictures stay as they are. */
export function fitted(width: number, height: number, side = MAX_SIDE): [number, number] {
  const scale = Math.min(1, side / Math.max(width, height, 1));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

/** Bytes a data URL holds once decoded. */
export function bytesOf(dataUrl: string): number {
  const data = dataUrl.slice(dataUrl.indexOf(",") + 1);
  const padding = data.endsWith("==") ? 2 : data.endsWith("=") ? 1 : 0;
  return Math.max(0, (data.length * 3) / 4 - padding);
}

export type LogoFault = "type" | "unreadable" | "size";

/** A data URL within the limit; throws what is wrong with the file. */
export async function logoOf(file: Blob): Promise<string> {
  if (!TYPES.includes(file.type)) throw fault("type");
  let picture: ImageBitmap;
  try {
    picture = await createImageBitmap(file);
  } catch {
    throw fault("unreadable");
  }
  try {
    return shrink(picture);
  } finally {
    picture.close();
  }
}

/** PNG first, because logos have sharp edges and see-through corners; then WebP; then smaller. */
function shrink(picture: ImageBitmap): string {
  for (const side of [MAX_SIDE, 192, 128, 96, 64]) {
    for (const type of ["image/png", "image/webp"]) {
      const url = drawn(picture, side, type);
      if (bytesOf(url) <= MAX_BYTES) return url;
    }
  }
  throw fault("size");
}

function drawn(picture: ImageBitmap, side: number, type: string): string {
  const canvas = document.createElement("canvas");
  const [width, height] = fitted(picture.width, picture.height, side);
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  if (!context) throw fault("unreadable");
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, width, height);
  return canvas.toDataURL(type, 0.9);
}

export class LogoError extends Error {
  readonly fault: LogoFault;

  constructor(what: LogoFault) {
    super(`the picture cannot be a logo: ${what}`);
    this.fault = what;
  }
}

function fault(what: LogoFault): LogoError {
  return new LogoError(what);
}
