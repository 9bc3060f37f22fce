/** Runs the tests in a Node process of their own, as its parent asks, and sends back what came of them. */
import { type UpstreamRequest, runUpstream } from './run_upstream';

(globalThis as unknown as { nodeRequire: NodeJS.Require }).nodeRequire = module.require.bind(module) as NodeJS.Require;

process.on('message', (request: UpstreamRequest) => {
  void runUpstream(request).then(
    (run) => process.send!({ run }, () => process.disconnect()),
    (error: Error) => process.send!({ error: error.stack }, () => process.disconnect()),
  );
});
