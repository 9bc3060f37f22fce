// TensorFlow.js as its script tags leave it, for bundles that run beside them: one global object, `tf`.

/** A plugin of the bundler: imports of tfjs-core and tfjs-layers are taken from the global. */
export const tfGlobal = {
  name: 'tf-global',
  resolveId: (id) => (/^@tensorflow\/tfjs-(core|layers)$/.test(id) ? { id: 'global:tf' } : null),
  load: (id) =>
    id === 'global:tf'
      ? `
        if (!globalThis.tf) throw new Error('tfjs-im2col-pooling: expected the script tag of tf.min.js before this one; got no global tf.');
        module.exports = globalThis.tf;`
      : null,
};
