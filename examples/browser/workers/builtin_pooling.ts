/** The pooling that TensorFlow.js has built in, asked in the same way as comparePooling and the Compare part ask it. */
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { preparePooling } from '../../../src/compare/poolings';
import { keepingAxes } from './our_pooling';
import type { Failure, PoolingCall } from './routing_protocol';

export interface BuiltinPooling {
  /** As users call it, for example `tf.maxPool`. */
  readonly name: string;
  /** @throws Error where the built-in does, or where running it would do harm: see {@link failureOf} */
  run(x: Tensor4D): Tensor;
}

/** What TensorFlow.js has for this call, or why it has nothing. */
export function builtinPooling(call: PoolingCall, shape: number[]): BuiltinPooling | Failure {
  const { builtin } = preparePooling('built-in', 2, { name: 'image', shape, ...keepingAxes(call) });
  return typeof builtin === 'string' ? { how: 'absent', reason: `${builtin}.` } : builtin;
}

/** What was thrown in place of a result. */
export function failureOf(message: string): Failure {
  const harm = /^not run: (.*)$/.exec(message);
  return harm ? { how: 'harmful', reason: `${harm[1]}.` } : { how: 'throws', reason: message };
}
