/** A tfjs-node backend that tells what it runs in TensorFlow. */
import type { NodeBackend } from '../../src/kernels/tensorflow/session';

export type Binding = NodeBackend['binding'];

/** The backend with some functions of its binding replaced, the names of operations run, and its tensors now alive. */
export function watched(real: NodeBackend, replaced: Partial<Binding> = {}) {
  const calls: string[] = [];
  const alive = new Set<number>();
  const own: Partial<Binding> = {
    createTensor: (...args) => {
      const id = (replaced.createTensor ?? real.binding.createTensor)(...args);
      alive.add(id);
      return id;
    },
    executeOp: (name, ...rest) => {
      calls.push(name);
      const outputs = (replaced.executeOp ?? real.binding.executeOp)(name, ...rest);
      for (const { id } of outputs) alive.add(id);
      return outputs;
    },
    deleteTensor: (id) => {
      alive.delete(id);
      real.binding.deleteTensor(id);
    },
  };
  // Its own properties are neither listed nor writable.
  const binding = Object.create(
    real.binding,
    Object.fromEntries(Object.entries(own).map(([name, value]) => [name, { value }])),
  ) as Binding;
  const backend = Object.create(real as object, { binding: { value: binding } }) as NodeBackend;
  return { backend, calls, live: () => alive };
}
