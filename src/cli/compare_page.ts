/** The program of the command's browser page: comparePooling, beside the script tags of tfjs. Bundled into dist/compare_page.js. */
import { io } from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { useBackend } from '../compare/backends';
import { comparePooling } from '../compare/index';
import '../index';
import type { CompareRequest } from './compare_request';

/** Given by the command. */
declare function tellProgress(done: number, total: number, label: string): void;

const comparePage = {
  /** Why a backend cannot be had in this browser; null where it can. */
  missing: (backend: string): Promise<string | null> => useBackend(backend),

  async compare({ model, ...options }: CompareRequest) {
    const loaded = model ? await loadLayersModel(io.browserHTTPRequest('model/model.json')) : undefined;
    return comparePooling({ ...options, model: loaded, onProgress: tellProgress });
  },
};
Object.assign(globalThis, { comparePage });
