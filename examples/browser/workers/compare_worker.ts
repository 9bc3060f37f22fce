/** The Compare part's worker: runs this package's own comparison on the backends of this browser. */
import { comparePooling, formatMarkdown } from 'tfjs-im2col-pooling/compare';
import type { CompareWorker } from './compare_protocol';
import { prepareBackends } from './use_backend';

let controller: AbortController | undefined;

export const compareWorker: CompareWorker = {
  async start(base) {
    prepareBackends(base);
  },
  async compare(request, onProgress, onRow) {
    controller = new AbortController();
    const report = await comparePooling({ ...request, onProgress, onRow, signal: controller.signal });
    return { report, markdown: formatMarkdown(report) };
  },
  cancel() {
    controller?.abort(new Error('Cancelled.'));
  },
};
