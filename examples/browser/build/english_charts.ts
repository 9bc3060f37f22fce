/**
 * A Vite plugin: uPlot formats numbers in the browser's language. Where that is no language tag ("C"), its import throws,
 * and the page stays blank. The page is in English, and so are the numbers of its charts.
 */
import type { Plugin } from 'vite';

const BROWSERS = "new Intl.NumberFormat(domEnv ? nav.language : 'en-US')";
const ENGLISH = "new Intl.NumberFormat('en-US')";

export function englishCharts(): Plugin {
  return {
    name: 'english-charts',
    transform(code, id) {
      if (!id.endsWith('uPlot.esm.js')) return undefined;
      if (!code.includes(BROWSERS)) this.error(`${id} has no "${BROWSERS}": see build/english_charts.ts`);
      return { code: code.replace(BROWSERS, ENGLISH), map: null };
    },
  };
}
