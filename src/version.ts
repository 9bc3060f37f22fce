import { version as published } from '../package.json';

/**
 * The version of this package.
 *
 * @example
 * ```js
 * console.log(version.split('.').length); // 3
 * ```
 */
export const version: string = published;
