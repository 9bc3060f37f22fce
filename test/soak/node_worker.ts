/** One backend in a Node process of its own, so that the memory measured is its alone. */
import { serve } from '../bench/serve';
import { type Soaker, soaker } from './soaker';

/** A method of the soaker, and its argument. */
export interface SoakRequest {
  readonly method: keyof Soaker;
  readonly argument?: string | number;
}

serve(async ({ method, argument }: SoakRequest) => soaker[method](argument as never));
