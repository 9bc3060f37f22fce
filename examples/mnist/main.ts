/** `npm start`: reads the command line before it loads TensorFlow.js, so that a wrong one is told at once; then runs the main job. */
import { parseArgs } from './args';

async function main(): Promise<void> {
  const args = parseArgs(process.argv.slice(2));
  const { run } = await import('./run');
  await run(args);
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
