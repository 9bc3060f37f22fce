/** The cases that comparePooling has by itself. */
import { SIBLING_CASES } from './sibling_cases';
import { MAX_CASES } from './max_cases';
import type { CompareCase } from './report';

/** In the order of the report. */
export const DEFAULT_CASES: readonly CompareCase[] = [...MAX_CASES, ...SIBLING_CASES];
