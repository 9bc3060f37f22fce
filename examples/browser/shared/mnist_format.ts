/** How the digits lie in the files that build/mnist_bytes.ts makes. */
export { CLASSES, PIXELS, SIDE } from '../../mnist/digit_format';
/** Digits of each class in the small file of the Routing part. */
export const DIGITS_PER_CLASS = 4;
