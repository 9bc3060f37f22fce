/**
 * Copies between TensorFlow's tensors and arrays, made by TensorFlow.
 *
 * Its tensors cannot be seen in place, and tfjs-node's readSync brings a fresh array each time, which costs several
 * times the pooling. But a tensor made of an array shares the array's memory, and TensorFlow's InplaceUpdate writes
 * into the tensor that it is given.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { mapTuple } from '../../map_tuple';
import type { Values } from '../pool_kernels';
import { COMPLEX64, type Handle, type Session } from './session';

/** tensor -> array, whose memory must be aligned to 64 bytes. */
export function copyIn(session: Session, info: TensorInfo, array: Values): void {
  const { length } = array;
  const from = session.of(info);
  // TensorFlow copies pairs of numbers three times as fast as single ones, and leaves their bits alone as well.
  const shape = length % 2 === 0 ? [1, length / 2, 2] : [1, length];
  const [to, row] = mapTuple([session.share(array, shape), session.inShape(from, shape)], (tensor) =>
    length % 2 === 0 ? session.bitcast(tensor, COMPLEX64) : tensor,
  );
  session.run('InplaceUpdate', to.type, { T: to.type }, [to, session.ints([0]), row]);
}

/** array -> a new tensor. */
export function copyOf(session: Session, array: Values, shape: number[]): Handle {
  const shared = session.share(array, shape);
  return session.run('DeepCopy', shared.type, { T: shared.type }, [shared]);
}
