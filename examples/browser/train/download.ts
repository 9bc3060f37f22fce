/** Hands a file to the reader. */
import { element } from '../ui/dom';
import type { ModelFile } from '../workers/train_protocol';

const PAUSE_MS = 150;

export async function download({ name, blob }: ModelFile): Promise<void> {
  const href = URL.createObjectURL(blob);
  const link = element('a', { href, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  // Browsers drop the first of two downloads that come at once.
  await new Promise((resolve) => {
    setTimeout(resolve, PAUSE_MS);
  });
  URL.revokeObjectURL(href);
}
