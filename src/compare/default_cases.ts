/** The cases that comparePooling has by itself. */
import { FAMILY_CASES } from './family_cases';
import { MAX_CASES } from './max_cases';
import type { CompareCase } from './report';

/** In the order of the report. */
export const DEFAULT_CASES: readonly CompareCase[] = [...MAX_CASES, ...FAMILY_CASES];
