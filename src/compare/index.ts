/**
 * Comparing the poolings of this package with those of TensorFlow.js: `tfjs-im2col-pooling/compare`.
 *
 * @module
 */
export { comparePooling } from './compare_pooling';
export { formatMarkdown } from './format_markdown';
export type {
  Agreement,
  CaseFill,
  CaseInput,
  CompareBackend,
  CompareCase,
  CompareOptions,
  CompareReport,
  CompareRow,
  ComparedPooling,
  Deviation,
  GradientAgreement,
  GradientMass,
  ReportedOptions,
  Timing,
} from './report';
