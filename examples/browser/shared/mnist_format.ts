/** How the digits lie in the files that build/mnist_bytes.ts makes. */
export const SIDE = 28;
export const PIXELS = SIDE * SIDE;
export const CLASSES = 10;
/** Digits of each class in the small file of the Routing part. */
export const DIGITS_PER_CLASS = 4;
