/**
 * Loads the native module: `#native` of package.json in Node. Where it is not for this platform, or TFJS_IM2COL_NATIVE=off
 * asks to do without, it throws the reason; TFJS_IM2COL_NATIVE may name another file.
 */
'use strict';
const { join } = require('node:path');

exports.loadNative = () => {
  const wanted = process.env.TFJS_IM2COL_NATIVE;
  if (wanted === 'off') throw new Error('TFJS_IM2COL_NATIVE=off asks to do without native kernels');
  return require(wanted || join(__dirname, 'prebuilt', `${process.platform}-${process.arch}.node`));
};
