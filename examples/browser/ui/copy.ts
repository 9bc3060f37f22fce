/** Text for the clipboard. */

/** Whether it is there now: without permission, or without https, the reader must copy it by hand. */
export async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
