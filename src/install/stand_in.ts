/**
 * Things of ours that stand in for others: configs in tfjs's registries, the engine's setBackend. And what they stand in for.
 *
 * A stand-in carries this itself, as two copies of this package (CommonJS and ESM, say) may stand in for each other's: the
 * one that goes last must not restore a stand-in that is already uninstalled.
 */
interface StandIn<T> {
  readonly before: T | undefined;
  isOver(): boolean;
}

const STAND_IN = Symbol.for('tfjs-im2col-pooling.standIn');

/** Marks `thing`. Not enumerable: a copy of it is another's business. */
export function markStandIn<T extends object>(thing: T, standIn: StandIn<T>): T {
  return Object.defineProperty(thing, STAND_IN, { value: standIn, enumerable: false });
}

/** `thing` itself or, where it stands in for another and that is over, the one that is due. */
export function whatIsDue<T extends object>(thing: T | undefined): T | undefined {
  const standIn = thing && (thing as { [STAND_IN]?: StandIn<T> })[STAND_IN];
  return standIn?.isOver() ? whatIsDue(standIn.before) : thing;
}
