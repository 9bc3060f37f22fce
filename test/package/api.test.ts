/**
 * The public types, as the packed package has them, are those of the reports here (public.api.md: the main entry): a change for
 * users shows in a review. `npm run api` writes the reports anew.
 */
import { Extractor, ExtractorConfig, type ExtractorMessage } from '@microsoft/api-extractor';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Project, makeProject } from './project';

const REPORTS = {
  index: 'public.api.md',
  convert: 'convert.api.md',
  compare: 'compare.api.md',
  keras: 'keras.api.md',
  training: 'training.api.md',
};
let project: Project;
let messages: string[];

beforeAll(() => {
  project = makeProject(['tfjs-core', 'tfjs-layers']);
  messages = Object.entries(REPORTS).flatMap(([entry, report]) => extract(project, entry, report));
});
afterAll(() => project?.remove());

test('every type that an export needs is exported', () => {
  expect(messages).toEqual([]);
});

test.each(Object.values(REPORTS))('the public types are those of %s', (report) => {
  const [made, kept] = [join(project.folder, report), join(__dirname, report)];
  if (process.env.UPDATE_API) copyFileSync(made, kept);
  expect(readFileSync(made, 'utf8')).toBe(existsSync(kept) ? readFileSync(kept, 'utf8') : '');
});

/** Writes an entry's report into the project. Returns the complaints. */
function extract({ folder, installed, manifest }: Project, entry: string, report: string): string[] {
  const config = ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(installed, 'package.json'),
    packageJson: manifest as never,
    configObject: {
      projectFolder: installed,
      mainEntryPointFilePath: join(installed, 'dist', `${entry}.d.ts`),
      newlineKind: 'lf',
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'es2020',
            module: 'esnext',
            moduleResolution: 'bundler',
            lib: ['es2020', 'dom'],
            strict: true,
            skipLibCheck: true,
            types: [],
          },
          files: [`dist/${entry}.d.ts`],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: report,
        reportFolder: folder,
        reportTempFolder: join(folder, 'temp'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      messages: {
        // Links and missing comments are typedoc's to find; its rules are those that the documentation is written by.
        extractorMessageReporting: {
          default: { logLevel: 'none' as never },
          'ae-forgotten-export': { logLevel: 'error' as never },
        },
        tsdocMessageReporting: { default: { logLevel: 'none' as never } },
      },
    },
  });
  const found: string[] = [];
  const messageCallback = (message: ExtractorMessage) => {
    message.handled = true;
    if (message.messageId === 'ae-forgotten-export') found.push(`${message.messageId}: ${message.text}`);
  };
  Extractor.invoke(config, { localBuild: true, messageCallback });
  return found;
}
