/**
 * TensorFlow's operations as tfjs-node's binding runs them: at once, on tensors by their numbers.
 *
 * tfjs tensors would do as well, but each of the many small steps of a kernel would then pass through tfjs's engine.
 */
import type { KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';
import { type Values, isFloat32 } from '../pool_kernels';

/** What this package uses of tfjs-node's NodeJSKernelBackend. Its methods are `private` in its types. */
export interface NodeBackend extends KernelBackend {
  readonly binding: Binding;
  getInputTensorIds(tensors: TensorInfo[]): number[];
  createOutputTensor(metadata: Metadata): TensorInfo;
}

interface Binding {
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_STRING: number;
  createTensor(shape: number[], dtype: number, values: Values): number;
  deleteTensor(id: number): void;
  executeOp(name: string, attributes: Attribute[], inputs: number[], outputs: number): Metadata[];
  tensorDataSync(id: number): Values;
}

interface Metadata {
  id: number;
  shape: number[];
  dtype: number;
}
interface Attribute {
  name: string;
  type: number;
  value: number | string | number[];
}

/** Attributes of an operation: types by their numbers, words, and lists of integers. */
type Attributes = Readonly<Record<string, number | string | readonly number[]>>;

/** Numbers of TensorFlow's types, from its types.proto. */
export const FLOAT32 = 1;
const INT32 = 3;
export const COMPLEX64 = 8;

/** A tensor of TensorFlow. */
export interface Handle {
  readonly id: number;
  readonly type: number;
}

/** Whether `backend` is a tfjs-node that has all that a session needs. */
export function hasSessions(backend: NodeBackend): boolean {
  return [backend.getInputTensorIds, backend.createOutputTensor, backend.binding?.executeOp].every(
    (method) => typeof method === 'function',
  );
}

/** Runs `body`, then deletes what it made but for what it gave away, also when it throws. */
export function inSession<T>(backend: NodeBackend, body: (session: Session) => T): T {
  const session = new Session(backend);
  try {
    return body(session);
  } finally {
    session.end();
  }
}

export class Session {
  private readonly own = new Map<number, Handle>();

  constructor(private readonly backend: NodeBackend) {}

  /** A tensor of tfjs. */
  of(info: TensorInfo): Handle {
    return { id: this.backend.getInputTensorIds([info])[0]!, type: info.dtype === 'int32' ? INT32 : FLOAT32 };
  }

  /** A tensor that shares the memory of `values`, if that is aligned. */
  share(values: Values, shape: number[]): Handle {
    const type = isFloat32(values) ? FLOAT32 : INT32;
    return this.keep({ id: this.backend.binding.createTensor(shape, type, values), type });
  }

  /** One operation with one output, of type `type`. */
  run(name: string, type: number, attributes: Attributes, inputs: readonly Handle[]): Handle {
    const list = Object.entries(attributes).map((attribute) => this.attribute(...attribute));
    const ids = inputs.map((input) => input.id);
    const [output] = this.backend.binding.executeOp(name, list, ids, 1);
    return this.keep({ id: output!.id, type });
  }

  /** The same memory in another shape. */
  inShape(tensor: Handle, shape: number[]): Handle {
    return this.run('Reshape', tensor.type, { T: tensor.type, Tshape: INT32 }, [tensor, this.ints(shape)]);
  }

  /** The same memory as another type. A larger one takes the place of the last axis. */
  bitcast(tensor: Handle, type: number): Handle {
    return this.run('Bitcast', type, { T: tensor.type, type }, [tensor]);
  }

  ints(values: number[]): Handle {
    return this.share(Int32Array.from(values), [values.length]);
  }

  /** A tensor that is in TensorFlow already. */
  adopt(id: number, type: number): Handle {
    return this.keep({ id, type });
  }

  read(tensor: Handle): Values {
    return this.backend.binding.tensorDataSync(tensor.id);
  }

  /** Hands a tensor of this session to tfjs. */
  give({ id, type }: Handle, shape: number[]): TensorInfo {
    this.own.delete(id);
    return this.backend.createOutputTensor({ id, shape, dtype: type });
  }

  end(): void {
    for (const id of this.own.keys()) this.backend.binding.deleteTensor(id);
    this.own.clear();
  }

  private attribute(name: string, value: Attributes[string]): Attribute {
    // Only the number that is needed: each read crosses into native code.
    const { binding } = this.backend;
    if (typeof value === 'number') return { name, type: binding.TF_ATTR_TYPE, value };
    if (typeof value === 'string') return { name, type: binding.TF_ATTR_STRING, value };
    return { name, type: binding.TF_ATTR_INT, value: [...value] };
  }

  private keep(tensor: Handle): Handle {
    this.own.set(tensor.id, tensor);
    return tensor;
  }
}
