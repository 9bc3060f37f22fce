/**
 * Configs of ours that stand in for others in tfjs's registries, and what they stand in for.
 *
 * A config carries this itself, as two copies of this package (CommonJS and ESM, say) may stand in for each other's: the
 * one that goes last must not put back the other's, whose turn is over.
 */
interface StandIn<Config> {
  readonly before: Config | undefined;
  isOver(): boolean;
}

const STAND_IN = Symbol.for('tfjs-im2col-pooling.standIn');

/** Marks `config`. Not enumerable: a copy of the config is another's business. */
export function markStandIn<Config extends object>(config: Config, standIn: StandIn<Config>): Config {
  return Object.defineProperty(config, STAND_IN, { value: standIn, enumerable: false });
}

/** `config` itself or, where it stands in for another and that is over, the one that is due. */
export function whatIsDue<Config extends object>(config: Config | undefined): Config | undefined {
  const standIn = config && (config as { [STAND_IN]?: StandIn<Config> })[STAND_IN];
  return standIn?.isOver() ? whatIsDue(standIn.before) : config;
}
