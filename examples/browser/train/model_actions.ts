/** What the buttons under "Model" do: networks kept in this browser, and as files. */
import { setText } from '../ui/dom';
import { WorkerGone, type Workplace } from '../ui/workers';
import type { Progress, SavedModel, TrainWorker } from '../workers/train_protocol';
import { download } from './download';
import type { TrainView } from './view';

const MEGABYTE = 1e6;
/** The page is in English, whatever the browser's language. */
const DATES = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

/** `take` shows a network that was loaded. */
export function modelActions(
  worker: Workplace<TrainWorker>,
  { settings, status, problem, setSaved }: TrainView,
  take: (progress: Progress) => Promise<void>,
) {
  function showSaved(saved: SavedModel | null): void {
    setSaved(
      saved && `Saved in this browser ${DATES.format(new Date(saved.date))}, ${(saved.bytes / MEGABYTE).toFixed(1)} MB`,
    );
  }

  async function loaded(progress: Progress, from: string): Promise<void> {
    settings.show(progress.options);
    await take(progress);
    setText(status, `Loaded from ${from}: ${progress.loss.length} steps of training.`);
  }

  return {
    async save(): Promise<void> {
      const [layer] = settings.layers;
      showSaved(await worker.ask((api) => api.save(layer)));
      setText(status, 'Saved. Reload the page and load it: it will predict the same.');
    },
    async load(): Promise<void> {
      setText(status, 'Loading …');
      await loaded(await worker.ask((api) => api.load(settings.backend)), 'this browser');
    },
    async download(): Promise<void> {
      const [layer] = settings.layers;
      for (const file of await worker.ask((api) => api.files(layer))) await download(file);
      setText(
        status,
        'Two files were downloaded: model.json and weights.bin. Any TensorFlow.js program with this package can load them.',
      );
    },
    async upload(files: readonly File[]): Promise<void> {
      setText(status, 'Loading the files …');
      await loaded(await worker.ask((api) => api.loadFiles(settings.backend, files)), 'files');
    },
    /** Says whether a network is kept in this browser, or why it cannot be. */
    tellSaved(): void {
      worker
        .ask((api) => api.saved())
        .then(showSaved, (error: Error) => {
          if (error instanceof WorkerGone) setText(problem, error.message);
          else setSaved(null, `${error.message} Download keeps it as files.`);
        });
    },
  };
}
