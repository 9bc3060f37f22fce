/** Ends a run with one plain line, `N passed, N failed, N skipped`, for whoever reads the log by program. */
module.exports = class SummaryReporter {
  onRunComplete(_, results) {
    const skipped = results.numPendingTests + results.numTodoTests;
    // A suite that could not even start has failed, though none of its tests has.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    process.stdout.write(`\n${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`);
  }
};
