/** What a page complains of, collected by the page itself: WebKit's driver tells nothing of the console. */

/** A program for the page that runs before its own. */
export const COLLECTOR = `(${function collect() {
  const complaints: string[] = [];
  Object.assign(globalThis, { complaints });
  for (const level of ['warn', 'error'] as const)
    console[level] = (...parts: unknown[]) => complaints.push(parts.map(String).join(' '));
  addEventListener('error', (event) => complaints.push(`error: ${event.message}`));
  addEventListener('unhandledrejection', (event) => complaints.push(`unhandled: ${String(event.reason)}`));
  addEventListener('securitypolicyviolation', (event) => complaints.push(`policy: ${event.violatedDirective}`));
}.toString()})();`;

export const COLLECTOR_PATH = 'complaints.js';

/** The document with the program as its first script; a page's policy may allow its own server only. */
export function withCollector(html: string): string {
  return html.replace(/<meta charset="utf-8"[^>]*>/, `$&<script src="./${COLLECTOR_PATH}"></script>`);
}

/** Runs in the page: what was collected so far, and forgets it. */
export function takeComplaints(): string[] {
  return (globalThis as unknown as { complaints: string[] }).complaints.splice(0);
}
