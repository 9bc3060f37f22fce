import type { CompareReport } from '../compare/report';
export function htmlReport(report: CompareReport): string { return JSON.stringify(report); }
