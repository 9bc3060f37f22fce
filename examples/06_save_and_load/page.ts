/** In the browser: loads the model from the server, and saves it to and loads it from the browser's storages. */
import * as tf from '@tensorflow/tfjs';
import { predict } from './model';

const page = {
  /** Model from the server -> `storage`. */
  async save(storage: string): Promise<void> {
    await tf.setBackend('cpu');
    await (await tf.loadLayersModel('model.json')).save(storage);
  },

  /** Predictions of the model in `storage`: one of tfjs's URLs, or the files that the page's file input holds. */
  async predictions(storage: string | HTMLInputElement): Promise<number[]> {
    const source = typeof storage === 'string' ? storage : tf.io.browserFiles(Array.from(storage.files ?? []));
    return predict(await tf.loadLayersModel(source));
  },
};

export type Page = typeof page;
Object.assign(globalThis, { page });
