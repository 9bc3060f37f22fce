/** A picture file of the reader's, checked, decoded by the browser and made gray. Nothing leaves the device. */
import { pictureHeader } from './picture_header';

/** The middle square of a picture. */
export interface Picture {
  /** A name to show. */
  readonly name: string;
  /** Of the whole picture, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly side: number;
  /** side x side brightnesses from 0 to 1. */
  readonly brightness: Float32Array;
}

const MEGA = 1e6;
const MOST_BYTES = 50 * MEGA;
/** A phone's camera takes 48 million. */
const MOST_PIXELS = 50 * MEGA;
/** What is left of a larger picture: a multiple of every size of the grid. */
const MOST_SIDE = 280;
const LONGEST_NAME = 40;
const whole = new Intl.NumberFormat('en');

/** @throws Error in words for the reader */
export async function readPicture(file: File): Promise<Picture> {
  const name = shownName(file.name);
  if (file.size > MOST_BYTES)
    throw new Error(`${name}: ${Math.round(file.size / MEGA)} MB are too many. Expected at most ${MOST_BYTES / MEGA}.`);
  const bytes = await file.arrayBuffer().catch(() => {
    throw new Error(`${name} cannot be read: choose a picture's file again.`);
  });
  check(name, new Uint8Array(bytes));
  // Of the bytes that were checked: the file itself may be another by now.
  const bitmap = await createImageBitmap(new Blob([bytes])).catch(() => {
    throw new Error(`${name} is damaged, or no picture that this browser can decode.`);
  });
  try {
    return { name, width: bitmap.width, height: bitmap.height, ...middle(bitmap) };
  } finally {
    bitmap.close();
  }
}

function check(name: string, bytes: Uint8Array): void {
  if (bytes.length === 0) throw new Error(`${name} is empty.`);
  const header = pictureHeader(bytes);
  if (!header) throw new Error(`${name} is no PNG, JPEG, GIF or WebP picture${otherKind(bytes)}.`);
  const { format, width, height, isCut } = header;
  if (width === 0 || height === 0) throw new Error(`${name} is damaged: this ${format} does not say its size.`);
  if (width * height > MOST_PIXELS)
    throw new Error(
      `${name} has ${whole.format(width)} × ${whole.format(height)} pixels. Expected at most ${MOST_PIXELS / MEGA} million.`,
    );
  if (isCut) throw new Error(`${name} is damaged: the end of this ${format} is missing.`);
}

const OTHERS: ReadonlyArray<[pattern: RegExp, kind: string]> = [
  [/^.{4}ftypavi/s, 'it is an AVIF'],
  [/^.{4}ftyp(hei|hev|mif)/s, 'it is a HEIC'],
  [/<svg[\s>]/i, 'it is an SVG drawing'],
  [/<!doctype html|<html[\s>]/i, 'it is a web page'],
];

function otherKind(bytes: Uint8Array): string {
  const begin = String.fromCharCode(...bytes.subarray(0, 1000));
  const found = OTHERS.find(([pattern]) => pattern.test(begin));
  return found ? `: ${found[1]}` : '';
}

/** Without what would turn a sentence around or break it. */
function shownName(name: string): string {
  const plain = name.replace(/[\p{C}\s]+/gu, ' ').trim() || 'The file';
  return plain.length > LONGEST_NAME ? `${plain.slice(0, LONGEST_NAME - 1)}…` : plain;
}

function middle(bitmap: ImageBitmap): Pick<Picture, 'side' | 'brightness'> {
  const { width, height } = bitmap;
  const edge = Math.min(width, height);
  const side = Math.min(edge, MOST_SIDE);
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [side, side];
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  // Below what is transparent.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, side, side);
  context.imageSmoothingQuality = 'high';
  const [left, top] = [Math.floor((width - edge) / 2), Math.floor((height - edge) / 2)];
  context.drawImage(bitmap, left, top, edge, edge, 0, 0, side, side);
  const { data } = context.getImageData(0, 0, side, side);
  return { side, brightness: Float32Array.from({ length: side * side }, (_, i) => grayOf(data, 4 * i)) };
}

/** As CSS's grayscale() weighs red, green and blue. */
function grayOf(data: Uint8ClampedArray, at: number): number {
  return (0.2126 * data[at] + 0.7152 * data[at + 1] + 0.0722 * data[at + 2]) / 255;
}
