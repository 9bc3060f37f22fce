/** Stands for load.cjs where there is no Node: `#native` of package.json elsewhere. */
'use strict';
exports.loadNative = () => {
  throw new Error('native kernels are for Node alone');
};
