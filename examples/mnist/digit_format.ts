/** Digits of MNIST are SIDE x SIDE pixels. */
export const SIDE = 28;
export const PIXELS = SIDE * SIDE;
export const CLASSES = 10;
